import { isTrackedEnvelope, tracked, type TrackedEnvelope } from '@trpc/server'
import { z } from 'zod'

/**
 * The output of a subscription whose events carry ids: each is checked, and stripped, as it passes. `event` is in its meta, for
 * those who describe the API.
 */
export function trackedStream<Event extends z.ZodType>(event: Event) {
  return z
    .custom<AsyncIterable<TrackedEnvelope<z.input<Event>>>>(isAsyncIterable)
    .transform(async function* (stream) {
      for await (const envelope of stream) {
        if (!isTrackedEnvelope(envelope)) throw new Error('BUG: an event without an id')
        const [id, data] = envelope
        yield tracked(id, event.parse(data))
      }
    })
    .meta({ event })
}

/** The schema of the events of a stream that `trackedStream` made. */
export function eventIn(stream: z.ZodType): z.ZodType {
  const event = stream.meta()?.['event']
  if (!(event instanceof z.ZodType)) throw new Error('BUG: a stream of nothing that is known')
  return event
}

function isAsyncIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
