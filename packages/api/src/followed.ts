import { ToygresError, type Principal } from '@toygres/schema'
import type { Context } from './context.ts'
import { hasTimedOut } from './deadline.ts'

/** The context of a call whose maker is known. */
type Caller = Context & { readonly principal: Principal }

/**
 * What a call streams, in a slot of its caller's: until it ends by itself, its reader leaves, the process stops, or the time is up
 * that the caller gave.
 * @throws {ToygresError} UNAVAILABLE and DEADLINE_EXCEEDED: no end that clients would take for that of what they follow
 */
export async function* followed<Event>(
  ctx: Caller,
  signal: AbortSignal | undefined,
  open: (leaving: AbortSignal) => AsyncIterable<Event>,
): AsyncGenerator<Event, void> {
  if (signal === undefined) throw new Error('BUG: a stream without an end')
  const events = open(AbortSignal.any([signal, ctx.signal, ctx.stopping]))
  yield* ctx.streams.carry(ctx.principal.subject, events)
  if (ctx.stopping.aborted)
    throw new ToygresError('UNAVAILABLE', 'the control plane is stopping: connect again in a while')
  if (hasTimedOut(ctx.signal))
    throw new ToygresError(
      'DEADLINE_EXCEEDED',
      'the time that the caller gave for this stream is over: connect again with the id of the last event',
    )
}
