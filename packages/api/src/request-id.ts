import type { Context as Exchange, MiddlewareHandler } from 'hono'

const acceptable = /^[\w-]{1,128}$/

export interface RequestVariables {
  requestId: string
  /** Whoever answers has written into the answer what every answer says. */
  isMarked?: boolean
}

type Identified = { Variables: RequestVariables }

/** Takes the caller's `X-Request-Id` where it is one, makes one up otherwise, and answers with it. */
export const identified: MiddlewareHandler<Identified> = async (exchange, next) => {
  const given = exchange.req.header('x-request-id') ?? ''
  exchange.set('requestId', acceptable.test(given) ? given : crypto.randomUUID())
  await next()
  if (exchange.get('isMarked') !== true) mark(exchange)
}

/** What the answer to this request says, whatever it is about. */
export function marksOf(requestId: string): Record<string, string> {
  // Answers hold state that changes, and one of them a password.
  return { 'X-Request-Id': requestId, 'Cache-Control': 'no-store' }
}

function mark({ res, get }: Exchange<Identified>): void {
  for (const [name, value] of Object.entries(marksOf(get('requestId'))))
    if (!res.headers.has(name)) res.headers.set(name, value)
}
