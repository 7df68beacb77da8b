import { createMiddleware } from 'hono/factory'

const acceptable = /^[\w-]{1,128}$/

export interface RequestVariables {
  requestId: string
}

/** Takes the caller's `X-Request-Id` where it is one, makes one up otherwise, and answers with it. */
export const identified = createMiddleware<{ Variables: RequestVariables }>(async (exchange, next) => {
  const given = exchange.req.header('x-request-id') ?? ''
  const id = acceptable.test(given) ? given : crypto.randomUUID()
  exchange.set('requestId', id)
  await next()
  exchange.res.headers.set('X-Request-Id', id)
  // Answers hold state that changes, and one of them a password.
  if (!exchange.res.headers.has('Cache-Control')) exchange.res.headers.set('Cache-Control', 'no-store')
})
