import { sentence } from '../ui/explain.ts'
import { formatDuration, formatTime } from '../ui/time.tsx'
import type { FailedAttempt } from './attempts.ts'

/** What went wrong at a step, and when: one line for each attempt. */
export function Attempts({ step, failed }: { step: string; failed: readonly FailedAttempt[] }) {
  return (
    <ol className="attempts" aria-label={`Attempts of ${step} that failed`}>
      {failed.map(({ number, at, durationMs, code, message }, index) => (
        <li key={number}>
          <span className="number">Attempt {number}</span>
          <time className="number" dateTime={at.toISOString()} title={formatTime(at)}>
            {durationMs === null ? formatTime(at) : formatDuration(durationMs)}
          </time>
          <span>
            {message !== null && message === failed[index - 1]?.message ? (
              <span className="faint">The same</span>
            ) : (
              sentence(message ?? 'it failed')
            )}{' '}
            {code !== null && <span className="mono faint">{code}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
