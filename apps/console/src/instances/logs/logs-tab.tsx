import { Pause, Play, ScrollText, SearchX } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { explain } from '../../ui/explain.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { useInstance } from '../use-instance.ts'
import { LogFilters } from './log-filters.tsx'
import { LogView } from './log-view.tsx'
import { mostLines, select, type LogFilter, type ShownLine } from './log-lines.ts'
import './logs-tab.css'
import { useLog } from './use-log.ts'

/** What its PostgreSQL wrote, and writes. */
export function LogsTab() {
  const { id, state } = useInstance()
  const [attempt, setAttempt] = useState(0)
  const { lines, error } = useLog(id, attempt)
  const [filter, setFilter] = useState<LogFilter>({ text: '', least: 'info' })
  /** The lines as they were when somebody wanted to read in peace. */
  const [held, setHeld] = useState<readonly ShownLine[]>()
  const again = () => setAttempt((before) => before + 1)

  if (state === 'deleted')
    return <Empty title="Its log is gone with it" icon={<ScrollText aria-hidden="true" />} />
  if (error !== null && lines === undefined)
    return <Failed title="The log cannot be read" error={error} again={again} />
  if (lines === undefined) return <Loading what="the log" />

  const shown = select(held ?? lines, filter)
  const text = shown.map((line) => line.text).join('\n')
  return (
    <section className="card" aria-label="Log">
      <LogFilters filter={filter} onChange={setFilter}>
        <p className="faint number" role="status">
          {shown.length === 1 ? '1 line' : `${shown.length} lines`}
          {lines.length === mostLines && ', the last ones'}
        </p>
        {held ? (
          <Button small onClick={() => setHeld(undefined)}>
            <Play aria-hidden="true" />
            Go on{newSince(lines, held)}
          </Button>
        ) : (
          <Button small onClick={() => setHeld(lines)}>
            <Pause aria-hidden="true" />
            Pause
          </Button>
        )}
        <CopyButton text={text} label="Copy what is shown" />
      </LogFilters>
      {error !== null && (
        <p className="log-cut" role="alert">
          It goes on no further: {explain(error)}
          <Button small onClick={again}>
            Try again
          </Button>
        </p>
      )}
      {shown.length > 0 ? (
        <LogView lines={shown} follow={held === undefined} />
      ) : lines.length === 0 ? (
        <Empty title="Nothing is written yet" icon={<ScrollText aria-hidden="true" />}>
          <p>What its PostgreSQL writes shows up here as it comes.</p>
        </Empty>
      ) : (
        <Empty title="No line is like that" icon={<SearchX aria-hidden="true" />}>
          <Button onClick={() => setFilter({ text: '', least: 'info' })}>Show all {lines.length}</Button>
        </Empty>
      )}
    </section>
  )
}

function newSince(lines: readonly ShownLine[], held: readonly ShownLine[]): string {
  const last = held.at(-1)?.position
  const at = lines.findIndex(({ position }) => position === last)
  const count = lines.length - 1 - at
  return count === 0 ? '' : ` (${count} new)`
}
