import type { Principal } from '@toygres/schema'
import type { Context } from './context.ts'
import { refusalOf } from './refusal.ts'

/** Whether the caller of a stream is still somebody. */
export interface StillKnown extends Disposable {
  /** Aborted, with the refusal, once their key opens nothing any more. */
  readonly signal: AbortSignal
}

/**
 * Asks at each ping. Not of a token, which cannot be revoked: it ends soon by itself, and whoever reads on with the next
 * one when the stream is resumed is not to be told that they are nobody.
 */
export function stillKnown(principal: Principal, { authenticatedAgain, streamTimes }: Context): StillKnown {
  const gone = new AbortController()
  let asking = false
  const ask = async () => {
    if (asking) return
    asking = true
    try {
      await authenticatedAgain()
    } catch (error) {
      // Who cannot be asked for just now has not gone.
      if (refusalOf(error).code === 'UNAUTHENTICATED') gone.abort(error)
    } finally {
      asking = false
    }
  }
  const hasKey = principal.subject.startsWith('api-key:')
  const timer = hasKey ? setInterval(() => void ask(), streamTimes.pingMs) : undefined
  return { signal: gone.signal, [Symbol.dispose]: () => clearInterval(timer) }
}
