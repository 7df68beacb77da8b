import { ToygresError } from '@toygres/schema'
import { callTRPCProcedure, isTrackedEnvelope, type TrackedEnvelope } from '@trpc/server'
import { serialize, deserialize, type SuperJSONResult } from 'superjson'
import { boundedSignal } from './bounded-signal.ts'
import type { Context } from './context.ts'
import { errorShape } from './error-shape.ts'
import { bytesOf, eventsAndSilences } from './frames.ts'
import { logFailure } from './log-call.ts'
import { endpoints } from './rest/endpoints.ts'
import { appRouter } from './router.ts'
import { deafAfterMs } from './stream-limits.ts'

const type = 'subscription'
const paths = new Set(
  endpoints.filter((endpoint) => endpoint.type === type).map(({ procedure }) => procedure),
)

/** The subscription that a request of a tRPC client is for. */
export function subscriptionAt(request: Request): string | undefined {
  const { pathname, searchParams } = new URL(request.url)
  const path = pathname.slice('/trpc/'.length)
  return request.method === 'GET' && !searchParams.has('batch') && paths.has(path) ? path : undefined
}

/**
 * Answers a subscription with the frames that tRPC's clients read. tRPC's own answer pipes each through a chain of streams, of which
 * a process would have thousands.
 */
export function answerSubscription(path: string, request: Request, context: Context): Response {
  const { pingMs, longestMs } = context.streamTimes
  const bound = boundedSignal(request.signal, longestMs)
  const { signal } = bound
  const getRawInput = async () => readInput(request)
  let events: AsyncIterator<unknown> | undefined

  async function* frames(): AsyncGenerator<string, void> {
    yield frame({ event: 'connected', data: JSON.stringify({ reconnectAfterInactivityMs: deafAfterMs }) })
    try {
      const call = {
        router: appRouter,
        path,
        type,
        ctx: context,
        getRawInput,
        signal,
        batchIndex: 0,
      } as const
      const stream: AsyncIterable<unknown> = await callTRPCProcedure(call)
      events = stream[Symbol.asyncIterator]()
      for await (const event of eventsAndSilences(events, pingMs))
        yield event === null ? frame({ event: 'ping', data: '' }) : eventFrame(event)
      if (!signal.aborted) yield frame({ event: 'return', data: '' })
    } catch (error) {
      if (signal.aborted) return
      logFailure(context, { path, type }, error)
      yield frame({ event: 'serialized-error', data: json(errorShape(error, context.requestId)) })
    } finally {
      release()
    }
  }

  function release(): void {
    bound.release()
    context.release()
  }

  async function leave(): Promise<void> {
    bound.abort()
    release()
    await events?.return?.()
  }

  return new Response(bytesOf(frames(), leave), {
    headers: {
      ...context.answerHeaders,
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}

/** What a client has seen last is in its input, or where browsers and their stand-ins write it when they connect again. Empty says nothing. */
function readInput(request: Request): unknown {
  const { searchParams } = new URL(request.url)
  const input = parse(searchParams.get('input'))
  const lastEventId =
    request.headers.get('last-event-id') ??
    searchParams.get('lastEventId') ??
    searchParams.get('Last-Event-Id')
  return lastEventId === null || lastEventId === '' ? input : { ...Object(input), lastEventId }
}

function parse(text: string | null): unknown {
  if (text === null || text === '') return undefined
  try {
    return deserialize(JSON.parse(text) as SuperJSONResult)
  } catch (cause) {
    throw new ToygresError(
      'INVALID_INPUT',
      'the input is not what tRPC clients send: JSON, as superjson writes it',
      {
        cause,
      },
    )
  }
}

const json = (value: unknown): string => JSON.stringify(serialize(value))

function eventFrame(event: unknown): string {
  if (!isTracked(event)) throw new Error('BUG: an event without an id')
  const [id, data] = event
  return frame({ data: json(data), id })
}

const isTracked = (event: unknown): event is TrackedEnvelope<unknown> => isTrackedEnvelope(event)

function frame(fields: Readonly<Record<string, string>>): string {
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n`
}
