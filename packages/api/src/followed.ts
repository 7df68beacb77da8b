import { ToygresError, type Principal } from '@toygres/schema'
import type { Context } from './context.ts'
import { hasTimedOut } from './deadline.ts'
import { stillKnown } from './still-known.ts'

/** The context of a call whose maker is known. */
type Caller = Context & { readonly principal: Principal }

/**
 * What a call streams, in a slot of its caller's: until it ends by itself, its reader leaves or is known no longer, the process stops, or
 * the time is up that the caller gave.
 * @throws {ToygresError} UNAUTHENTICATED, UNAVAILABLE and DEADLINE_EXCEEDED: no end that clients would take for that of what they follow
 */
export async function* followed<Event>(
  ctx: Caller,
  signal: AbortSignal | undefined,
  open: (leaving: AbortSignal) => AsyncIterable<Event>,
): AsyncGenerator<Event, void> {
  if (signal === undefined) throw new Error('BUG: a stream without an end')
  using known = stillKnown(ctx.principal, ctx)
  const events = open(AbortSignal.any([signal, ctx.signal, ctx.stopping, known.signal]))
  yield* ctx.streams.carry(ctx.principal.subject, events)
  known.signal.throwIfAborted()
  if (ctx.stopping.aborted)
    throw new ToygresError('UNAVAILABLE', 'the control plane is stopping: connect again in a while')
  if (hasTimedOut(ctx.signal))
    throw new ToygresError(
      'DEADLINE_EXCEEDED',
      'the time that the caller gave for this stream is over: connect again with the id of the last event',
    )
}
