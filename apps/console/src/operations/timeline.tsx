import type { Operation, OperationEvent, OperationStep } from '@toygres/sdk'
import { Badge } from '../ui/badge.tsx'
import { sentence } from '../ui/explain.ts'
import { Ago, formatDuration, useNow } from '../ui/time.tsx'
import { failedAttempts } from './attempts.ts'
import { Attempts } from './attempts-list.tsx'
import { stepTones } from './operation-badge.tsx'

const busy = new Set<OperationStep['state']>(['running', 'undoing', 'waiting', 'retrying'])

/** Each step where it lies in the time that the operation took, or has taken so far. */
export function Timeline({ operation, events }: { operation: Operation; events: readonly OperationEvent[] }) {
  const now = useNow()
  const from = operation.createdAt.getTime()
  const until = Math.max(operation.endedAt?.getTime() ?? now, from + 1)
  return (
    <ol className="timeline">
      {operation.steps.map((step) => (
        <Step key={step.name} step={step} events={events} from={from} until={until} done={operation.done} />
      ))}
    </ol>
  )
}

function Step({
  step,
  events,
  from,
  until,
  done,
}: {
  step: OperationStep
  events: readonly OperationEvent[]
  from: number
  until: number
  done: boolean
}) {
  const { name, state, attempt, waitingFor, until: again, error, startedAt } = step
  const begun = startedAt?.getTime()
  const failed = failedAttempts(events, name)
  const ended = step.endedAt?.getTime() ?? until
  return (
    <li data-step={name} data-state={state}>
      <span className="step">
        <strong>{name}</strong>
        <Badge tone={stepTones[state]} live={!done && busy.has(state)}>
          {state}
        </Badge>
        {attempt > 1 && <span className="faint number">attempt {attempt}</span>}
      </span>
      <span className="track" aria-hidden="true">
        {begun !== undefined && (
          <svg viewBox="0 0 1000 12" preserveAspectRatio="none">
            <rect
              className={`bar ${stepTones[state]}`}
              rx="4"
              x={(1000 * (begun - from)) / (until - from)}
              width={Math.max(6, (1000 * (ended - begun)) / (until - from))}
              height="12"
            />
          </svg>
        )}
      </span>
      <span className="took number">{begun === undefined ? '' : formatDuration(ended - begun)}</span>
      {waitingFor && (
        <span className="more">
          Waits for {waitingFor}
          {again && (
            <>
              ; looks again <Ago at={again} />
            </>
          )}
        </span>
      )}
      {state === 'retrying' && again && (
        <span className="more">
          Tries again <Ago at={again} />
        </span>
      )}
      {failed.length > 0 && <Attempts step={name} failed={failed} />}
      {error && failed.at(-1)?.code !== error.code && (
        <span className="more wrong">
          {sentence(error.message)} <span className="mono faint">{error.code}</span>
        </span>
      )}
    </li>
  )
}
