import { hours, minutes, seconds } from '@toygres/workflow'

/** From one attempt to the next; an event that was tried once more than this is given up, after two days. */
const delays = [
  seconds(5),
  seconds(30),
  minutes(2),
  minutes(10),
  minutes(30),
  hours(1),
  hours(2),
  hours(4),
  hours(8),
  hours(12),
  hours(20),
]

/** A webhook that nothing has got through to for so long is dead. */
const deadAfterMs = hours(24 * 5)

export interface Attempt {
  /** Null where nothing was answered. */
  readonly status: number | null
  /** How often it was sent, this time included. */
  readonly attempts: number
  /** How long nothing has got through, before this attempt; null where something did last. */
  readonly failingForMs: number | null
}

export type Verdict =
  | { readonly state: 'delivered' }
  | { readonly state: 'pending'; readonly retryAfterMs: number; readonly disable?: string }
  | { readonly state: 'failed'; readonly disable?: string }

/** What follows from an attempt. Spread a little: what failed together is not to come back together. */
export function afterAttempt({ status, attempts, failingForMs }: Attempt, random: number): Verdict {
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered' }
  if (status === 410) return { state: 'failed', disable: 'it answered 410 Gone: it wants no more events' }
  const dead = failingForMs !== null && failingForMs >= deadAfterMs
  const disable = dead ? { disable: `nothing has got through for ${deadAfterMs / hours(24)} days` } : {}
  const delay = delays[attempts - 1]
  if (delay === undefined) return { state: 'failed', ...disable }
  return { state: 'pending', retryAfterMs: Math.round(delay * (1 + random / 4)), ...disable }
}

/** So many failures in a row are no longer those of one instance's event. */
const bearable = 5
const longestPauseMs = minutes(1)

/** For how long nothing at all is sent to a webhook that has failed so often in a row, whatever it was sent. */
export function pauseMs(failures: number): number {
  return failures < bearable ? 0 : Math.min(seconds(2 ** (failures - bearable)), longestPauseMs)
}
