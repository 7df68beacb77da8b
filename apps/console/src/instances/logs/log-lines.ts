import type { LogLine } from '@toygres/sdk'
import { levelOf, type LogLevel } from './log-level.ts'

export interface ShownLine {
  readonly position: string
  readonly text: string
  readonly level: LogLevel
}

/** As many as are kept, and drawn: a log has no end, and a page's memory has. */
export const mostLines = 2_000
/** Statements can be megabytes long. */
const longestText = 4_000

/** What is kept of a log with these lines after it: the last ones. */
export function withLines(kept: readonly ShownLine[], lines: readonly LogLine[]): readonly ShownLine[] {
  let level = kept.at(-1)?.level ?? 'info'
  const added = lines.map(({ position, text }): ShownLine => {
    level = levelOf(text) ?? level
    return { position, text: text.length > longestText ? `${text.slice(0, longestText)}…` : text, level }
  })
  return [...kept, ...added].slice(-mostLines)
}

export interface LogFilter {
  readonly text: string
  readonly least: LogLevel
}

const rank: Record<LogLevel, number> = { info: 0, warning: 1, error: 2 }

export function select(lines: readonly ShownLine[], { text, least }: LogFilter): readonly ShownLine[] {
  const wanted = text.trim().toLowerCase()
  return lines.filter((line) => rank[line.level] >= rank[least] && line.text.toLowerCase().includes(wanted))
}
