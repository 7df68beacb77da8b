import type { ControlPlane, Logger } from '@toygres/control-plane'
import { ToygresError } from '@toygres/schema'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono, type Context as Exchange } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { serialize } from 'superjson'
import { createContext } from './context.server.ts'
import { deadlineOf } from './deadline.ts'
import { consoleRoutes, type ConsoleFiles } from './console/files.ts'
import { sessionRoutes } from './console/session-routes.ts'
import { errorShape } from './error-shape.ts'
import { logFailure } from './log-call.ts'
import { News } from './news.ts'
import { defaultRateLimits, RateLimiter, type RateLimits } from './rate-limits.ts'
import { refusalOf } from './refusal.ts'
import { identified } from './request-id.ts'
import { addressOf, type ApiEnvironment } from './environment.ts'
import { handleRest } from './rest/handler.ts'
import { problem } from './rest/problem.ts'
import { referencePaths, serveReference } from './rest/reference/serve.ts'
import { appRouter } from './router.ts'
import { defaultStreamTimes, type StreamTimes } from './stream-limits.ts'
import { StreamSlots } from './stream-slots.ts'
import { Strangers } from './strangers.ts'
import { answerSubscription, subscriptionAt } from './subscription.ts'
import { noteUnread } from './unread-request.ts'

/** Enough for five hundred instances in one call. */
const maxBodyBytes = 1024 * 1024
const maxCallsPerRequest = 20
const never = new AbortController().signal

export interface ApiOptions {
  controlPlane: ControlPlane
  logger: Logger
  /** Aborted when the process is about to go: event streams end, for their clients to resume elsewhere or later. */
  stopping?: AbortSignal
  /** How often each caller may call, where that is to differ from the default. */
  rates?: Partial<RateLimits>
  /** How long streams last, and are silent, where that is to differ from the default. */
  streamTimes?: Partial<StreamTimes>
  /** The web console, to be served under `/console/`. */
  consoleFiles?: ConsoleFiles
}

export interface Api {
  /** Answers every request, errors included; it never rejects. `address` is that of the other end of its connection. */
  fetch(request: Request, address?: string): Promise<Response>
}

type ApiExchange = Exchange<ApiEnvironment>

/** The HTTP side of the control plane: tRPC under `/trpc`, the console and its sessions, and REST everywhere else. */
export function createApi({
  controlPlane,
  logger,
  stopping = never,
  rates = {},
  streamTimes = {},
  consoleFiles,
}: ApiOptions): Api {
  const app = new Hono<ApiEnvironment>()
  const [streams, news] = [new StreamSlots(), new News()]
  const { reads, writes, strangers } = { ...defaultRateLimits, ...rates }
  const limiters = {
    reads: new RateLimiter(reads),
    writes: new RateLimiter(writes),
    strangers: new Strangers(strangers),
  }

  const bounded = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (exchange) =>
      refuse(
        exchange,
        new ToygresError('PAYLOAD_TOO_LARGE', `a request may be ${maxBodyBytes / 1024 / 1024} MiB at most`),
      ),
  })

  app.use(identified)
  app.use((exchange, next) => (hasNoBody(exchange.req.method) ? next() : bounded(exchange, next)))

  const contextOf = (exchange: ApiExchange) =>
    createContext({
      controlPlane,
      logger,
      news,
      streams,
      streamTimes: { ...defaultStreamTimes, ...streamTimes },
      limiters,
      stopping,
      requestId: exchange.get('requestId'),
      request: exchange.req.raw,
      address: addressOf(exchange),
      deadline: deadlineOf(exchange.req.raw),
    })

  app.all('/trpc/*', async (exchange) => {
    const context = contextOf(exchange)
    const subscription = subscriptionAt(exchange.req.raw)
    if (subscription !== undefined) {
      exchange.set('isMarked', true)
      return answerSubscription(subscription, exchange.req.raw, context)
    }
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: exchange.req.raw,
      router: appRouter,
      maxBatchSize: maxCallsPerRequest,
      createContext: () => context,
      responseMeta({ errors }) {
        exchange.set('isMarked', true)
        return { headers: { ...context.answerHeaders, ...retryAfter(errors) } }
      },
      onError: ({ error, path, type, ctx }) => {
        if (ctx === undefined) noteUnread(error, context.requestId)
        logFailure(context, { path, type }, error)
      },
    })
    return ended(exchange.req.raw, response, context.release)
  })

  for (const path of referencePaths) app.get(path, () => serveReference(path))
  app.route('/session', sessionRoutes(controlPlane, limiters.strangers))
  if (consoleFiles) app.route('/', consoleRoutes(consoleFiles))

  app.all('*', async (exchange) => {
    const context = contextOf(exchange)
    const response = await handleRest(exchange.req.raw, context)
    exchange.set('isMarked', true)
    // A stream says itself when it ends.
    if (response.headers.get('content-type') !== 'text/event-stream') context.release()
    return response
  })

  app.onError((error, exchange) => {
    if (error instanceof ToygresError) return refuse(exchange, error)
    logger.error(
      { requestId: exchange.get('requestId'), path: exchange.req.path, err: error },
      'request failed',
    )
    return refuse(exchange, error)
  })

  return { fetch: async (request, address) => app.fetch(request, { address }) }
}

/** The same answer; `end` is called with the last of it. Only who asks for that is sent the answers of a batch one by one. */
function ended(request: Request, response: Response, end: () => void): Response {
  if (request.headers.has('trpc-accept'))
    return new Response(
      response.body?.pipeThrough(new TransformStream({ flush: end, cancel: end })),
      response,
    )
  end()
  return response
}

const hasNoBody = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** When the last of the calls that were refused may succeed. */
function retryAfter(errors: readonly Error[]): Record<string, string> {
  if (errors.length === 0) return {}
  const seconds = Math.max(0, ...errors.map((error) => refusalOf(error).details.retryAfterSeconds ?? 0))
  return seconds === 0 ? {} : { 'Retry-After': String(seconds) }
}

/** The answer to a request that got to no procedure, for tRPC clients the way they read it. */
function refuse(exchange: ApiExchange, error: unknown): Response {
  const requestId = exchange.get('requestId')
  if (!exchange.req.path.startsWith('/trpc/')) return problem(error, requestId)
  const shape = errorShape(error, requestId)
  return Response.json({ error: serialize(shape) }, { status: shape.data.httpStatus })
}
