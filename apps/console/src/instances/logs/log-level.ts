/** How much a line matters: PostgreSQL's own words, in three. */
export type LogLevel = 'error' | 'warning' | 'info'

const levels: Record<string, LogLevel> = {
  PANIC: 'error',
  FATAL: 'error',
  ERROR: 'error',
  WARNING: 'warning',
  LOG: 'info',
  INFO: 'info',
  NOTICE: 'info',
  DEBUG: 'info',
}

const word = /^.{0,60}?\b(PANIC|FATAL|ERROR|WARNING|LOG|INFO|NOTICE|DEBUG)[1-5]?: {1,2}/

/** What a line says of itself; null for one that goes on with the line before it, as details and statements do. */
export function levelOf(text: string): LogLevel | null {
  const found = word.exec(text)?.[1]
  return found === undefined ? null : (levels[found] ?? null)
}
