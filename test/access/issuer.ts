import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose'

/** An OpenID Connect issuer: a real server with real keys. */
export interface Issuer extends AsyncDisposable {
  readonly url: string
  /** Its document with the addresses of everything else. */
  readonly jwksUrl: string
  /** Publishes a new key; the ones before stay until they are withdrawn. */
  publish(kid: string, algorithm: string): Promise<void>
  withdraw(kid: string): void
  /** A token of a published key, or of one that was. */
  sign(kid: string, claims: JWTPayload, overrides?: Record<string, unknown>): Promise<string>
  /** How often its keys were asked for. */
  readonly asked: number
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

export async function openIssuer(): Promise<Issuer> {
  const keys = new Map<string, { algorithm: string; secret: CryptoKey }>()
  const published = new Map<string, JWK>()
  let [asked, server, port] = [0, await listen(0), 0]
  port = (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${port}`

  async function listen(at: number): Promise<Server> {
    const listening = createServer((request, response) => {
      const documents: Record<string, () => object> = {
        '/.well-known/openid-configuration': () => ({ issuer: url, jwks_uri: `${url}/keys` }),
        '/keys': () => {
          asked++
          return { keys: [...published.values()] }
        },
      }
      const document = documents[request.url ?? '']
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(document?.() ?? {}))
    }).listen(at, '127.0.0.1')
    await once(listening, 'listening')
    return listening
  }
  async function goAway(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  return {
    url,
    jwksUrl: `${url}/keys`,
    async publish(kid, algorithm) {
      const { privateKey, publicKey } = await generateKeyPair(algorithm)
      keys.set(kid, { algorithm, secret: privateKey })
      published.set(kid, { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' })
    },
    withdraw: (kid) => void published.delete(kid),
    async sign(kid, claims, overrides = {}) {
      const key = keys.get(kid)
      if (key === undefined) throw new Error(`no key ${kid} was ever published`)
      const now = Math.floor(Date.now() / 1000)
      const standard = { iss: url, aud: 'toygres', iat: now, exp: now + 600 }
      return new SignJWT({ ...standard, ...claims, ...overrides })
        .setProtectedHeader({ alg: key.algorithm, kid })
        .sign(key.secret)
    },
    get asked() {
      return asked
    },
    goAway,
    async comeBack() {
      server = await listen(port)
    },
    [Symbol.asyncDispose]: goAway,
  }
}
