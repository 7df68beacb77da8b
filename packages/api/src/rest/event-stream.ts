import { isTrackedEnvelope, type TrackedEnvelope } from '@trpc/server'
import { boundedSignal, type BoundedSignal } from '../bounded-signal.ts'
import { bytesOf, eventsAndSilences, within } from '../frames.ts'
import type { StreamTimes } from '../stream-limits.ts'

/** Headers wait this long for the first event: until then it is not known whether there is anything to watch. */
const openWithinMs = 1_000

/** A client that was cut off connects again after this long. */
const reconnectMs = 1_000

export interface EventStreamOptions {
  /** Aborted when the client has gone. */
  readonly client: AbortSignal
  /** Starts the events; they end when the signal is aborted. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>
  /** Events broke off after the answer had begun: what the client is told of it. */
  readonly problemFor: (error: unknown) => object
  /** Nothing more comes of it. May be called more than once. */
  readonly onEnd: () => void
  readonly times: StreamTimes
}

/**
 * Server-sent events. After the last of all comes an event `end`; a client that connects again nevertheless is told by 204 that
 * there is no more, and stays away. What is cut off without `end` goes on where it was, by `Last-Event-ID`; where the control plane
 * knows why it cannot go on, it says so in an event `problem` before.
 * @throws what the events throw before the first of them
 */
export async function eventStream(options: EventStreamOptions): Promise<Response> {
  const bound = boundedSignal(options.client, options.times.longestMs)
  const end = () => {
    bound.release()
    options.onEnd()
  }
  try {
    const events = (await options.open(bound.signal))[Symbol.asyncIterator]()
    const first = events.next()
    if ((await within(openWithinMs, first))?.done !== true)
      return answerOf({ ...options, events, first, bound, end })
  } catch (error) {
    end()
    throw error
  }
  end()
  return new Response(null, { status: 204 })
}

interface Opened extends EventStreamOptions {
  readonly events: AsyncIterator<unknown>
  readonly first: Promise<IteratorResult<unknown>>
  readonly bound: BoundedSignal
  readonly end: () => void
}

function answerOf({ events, first, bound, times, problemFor, end }: Opened): Response {
  async function* frames(): AsyncGenerator<string, void> {
    yield `retry: ${reconnectMs}\n\n`
    try {
      for await (const event of eventsAndSilences(events, times.pingMs, first))
        yield event === null ? ': ping\n\n' : frame(event)
      if (!bound.signal.aborted) yield 'event: end\ndata: {}\n\n'
    } catch (error) {
      yield `event: problem\ndata: ${JSON.stringify(problemFor(error))}\n\n`
    } finally {
      end()
    }
  }

  async function leave(): Promise<void> {
    bound.abort()
    end()
    await events.return?.()
  }

  return new Response(bytesOf(frames(), leave), {
    headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
  })
}

function frame(event: unknown): string {
  if (!isTracked(event)) throw new Error('BUG: an event without an id')
  const [id, data] = event
  return `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`
}

const isTracked = (event: unknown): event is TrackedEnvelope<unknown> => isTrackedEnvelope(event)
