import type { ControlPlane } from '@toygres/control-plane'
import { OpenSession, ToygresError } from '@toygres/schema'
import { Hono, type Context as Exchange } from 'hono'
import { addressOf, type ApiEnvironment } from '../environment.ts'
import type { Strangers } from '../strangers.ts'
import { requireOwnPage } from './same-origin.ts'
import { noSessionCookie, readSessionCookie, sessionCookie } from './session-cookie.ts'

/** Signing in to the console (`POST`, with an API key), out (`DELETE`), and who is, or null (`GET`). */
export function sessionRoutes({ sessions }: ControlPlane, strangers: Strangers): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>()
  const sessionOf = (exchange: Exchange<ApiEnvironment>, token: string) =>
    strangers.greet({ address: addressOf(exchange) }, token, () => sessions.find(token))

  app.use(async (exchange, next) => {
    requireOwnPage(exchange.req.raw)
    exchange.header('cache-control', 'no-store')
    await next()
  })

  app.post('/', async (exchange) => {
    const input = OpenSession.safeParse(await exchange.req.json().catch(() => null))
    if (!input.success)
      throw new ToygresError('INVALID_INPUT', 'an API key is needed: send {"apiKey": "..."}')
    const { apiKey } = input.data
    const { token, session } = await strangers.signIn(addressOf(exchange), apiKey, () =>
      sessions.open(apiKey),
    )
    exchange.header('set-cookie', sessionCookie(exchange.req.raw, token, session))
    return exchange.json(session)
  })

  app.get('/', async (exchange) => {
    const token = readSessionCookie(exchange.req.raw)
    return exchange.json(token === undefined ? null : await sessionOf(exchange, token))
  })

  app.delete('/', async (exchange) => {
    const token = readSessionCookie(exchange.req.raw)
    // Of a session that there is: what else a cookie may say costs a look at most.
    if (token !== undefined && (await sessionOf(exchange, token)) !== null) await sessions.close(token)
    exchange.header('set-cookie', noSessionCookie(exchange.req.raw))
    return exchange.body(null, 204)
  })

  return app
}
