import type { ControlPlane, Logger } from '@toygres/control-plane'
import { ToygresError } from '@toygres/schema'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono, type Context as Exchange } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { serialize } from 'superjson'
import { createContext } from './context.server.ts'
import { errorShape } from './error-shape.ts'
import { logFailure } from './log-call.ts'
import { identified, type RequestVariables } from './request-id.ts'
import { appRouter } from './router.ts'
import { StreamSlots } from './stream-slots.ts'

const maxBodyBytes = 64 * 1024
const maxCallsPerRequest = 20
const never = new AbortController().signal

export interface ApiOptions {
  controlPlane: ControlPlane
  logger: Logger
  /** Aborted when the process is about to go: event streams end, for their clients to resume elsewhere or later. */
  stopping?: AbortSignal
}

export interface Api {
  /** Answers every request, errors included; it never rejects. */
  fetch(request: Request): Promise<Response>
}

/** The HTTP side of the control plane: tRPC under `/trpc`, and `GET /health`. */
export function createApi({ controlPlane, logger, stopping = never }: ApiOptions): Api {
  const app = new Hono<{ Variables: RequestVariables }>()
  const streams = new StreamSlots()

  app.use(identified)
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (exchange) =>
        refuse(
          exchange,
          new ToygresError('PAYLOAD_TOO_LARGE', `a request may be ${maxBodyBytes / 1024} KiB at most`),
        ),
    }),
  )

  app.get('/health', async (exchange) => {
    const health = await controlPlane.system.health()
    return exchange.json(health, health.status === 'ok' ? 200 : 503)
  })

  app.all('/trpc/*', (exchange) => {
    const request = exchange.req.raw
    const requestId = exchange.get('requestId')
    const context = createContext({ controlPlane, logger, streams, stopping, requestId, request })
    return fetchRequestHandler({
      endpoint: '/trpc',
      req: request,
      router: appRouter,
      maxBatchSize: maxCallsPerRequest,
      createContext: () => context,
      onError: ({ error, path, type }) => logFailure(context, { path, type }, error),
    })
  })

  app.notFound((exchange) =>
    refuse(exchange, new ToygresError('NOT_FOUND', `there is nothing at ${exchange.req.path}`)),
  )

  app.onError((error, exchange) => {
    logger.error(
      { requestId: exchange.get('requestId'), path: exchange.req.path, err: error },
      'request failed',
    )
    return refuse(exchange, error)
  })

  return { fetch: async (request) => app.fetch(request) }
}

/** The answer to a request that got to no procedure: its error object, for tRPC clients the way they read it. */
function refuse(exchange: Exchange<{ Variables: RequestVariables }>, error: unknown): Response {
  const shape = errorShape(error, exchange.get('requestId'))
  const forClients = exchange.req.path.startsWith('/trpc/')
  const body = forClients ? serialize(shape) : { message: shape.message, ...shape.data }
  return Response.json({ error: body }, { status: shape.data.httpStatus })
}
