import type { ControlPlane, Logger } from '@toygres/control-plane'
import type { Principal } from '@toygres/schema'
import { authenticate } from './authenticate.ts'
import type { Context } from './context.ts'
import type { Deadline } from './deadline.ts'
import type { News } from './news.ts'
import type { RateLimiter } from './rate-limits.ts'
import { marksOf } from './request-id.ts'
import type { Strangers } from './strangers.ts'
import type { StreamTimes } from './stream-limits.ts'
import type { StreamSlots } from './stream-slots.ts'

declare module './context.ts' {
  interface Context {
    /** For as long as the caller waits. */
    readonly controlPlane: ControlPlane
    readonly logger: Logger
    readonly news: News
    readonly streams: StreamSlots
    readonly streamTimes: StreamTimes
    readonly limiters: Limiters
    /** Of the other end of the connection. */
    readonly address: string
    /** Of the answer. */
    readonly answerHeaders: Record<string, string>
    /** Aborted when the process is about to go: streams end, so that their connections can. */
    readonly stopping: AbortSignal
    /** Aborted when the caller has gone, or the time is up that it gave. */
    readonly signal: AbortSignal
    /** The call has ended: nothing is kept for its time any longer. */
    readonly release: () => void
    readonly requestId: string
    readonly startedAt: number
    /** Who makes the calls of this HTTP request. Asked at most once for all of them. */
    readonly authenticated: () => Promise<Principal>
    /** Whether they have been found to be somebody. */
    readonly isKnown: () => boolean
    /** Who makes them, by what is so now. */
    readonly authenticatedAgain: () => Promise<Principal>
  }
}

/** How often each caller calls. */
export interface Limiters {
  readonly reads: RateLimiter
  readonly writes: RateLimiter
  readonly strangers: Strangers
}

export interface ContextOptions {
  controlPlane: ControlPlane
  logger: Logger
  news: News
  streams: StreamSlots
  streamTimes: StreamTimes
  limiters: Limiters
  stopping: AbortSignal
  requestId: string
  request: Request
  address: string
  deadline: Deadline
}

export function createContext({ request, deadline: { signal, release }, ...given }: ContextOptions): Context {
  let principal: Promise<Principal> | undefined
  const answerHeaders = marksOf(given.requestId)
  const onReplayed = () => void (answerHeaders['Idempotent-Replayed'] = 'true')
  const controlPlane = given.controlPlane.during({ signal, onReplayed })
  let isKnown = false
  async function authenticatedAgain(): Promise<Principal> {
    const found = await authenticate(request, { ...given, signal, controlPlane })
    isKnown = true
    return found
  }
  return {
    ...given,
    signal,
    release,
    controlPlane,
    answerHeaders,
    startedAt: performance.now(),
    authenticated: () => (principal ??= authenticatedAgain()),
    isKnown: () => isKnown,
    authenticatedAgain,
  }
}
