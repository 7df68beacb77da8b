import type { OperationEvents } from '../live/use-operation-events.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { formatTime } from '../ui/time.tsx'

const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})

export function EventLog({ events, error, again }: OperationEvents) {
  if (error !== undefined) return <Failed title="The events cannot be read" error={error} again={again} />
  if (events.length === 0) return <Loading what="the events" lines={3} />
  return (
    <ol className="event-log" tabIndex={0} aria-label="Events, the first one first">
      {events.map(({ seq, at, step, state, message }) => (
        <li key={seq} data-seq={seq}>
          <time className="number" dateTime={at.toISOString()} title={formatTime(at)}>
            {clock.format(at)}
          </time>
          <span>
            {step ? `${step} ${state}` : <strong>operation {state}</strong>}
            {message && <span className="soft"> · {message}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
