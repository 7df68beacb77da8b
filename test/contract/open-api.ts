import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApi, type ApiOptions } from '@toygres/api'
import type { Role } from '@toygres/schema'
import { z } from 'zod'
import { alice, openDomain, type Domain, type DomainOptions } from '../harness/domain/index.ts'

const Refusal = z.looseObject({ code: z.string(), retryable: z.boolean(), requestId: z.string() })
const Body = z.union([
  z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) }),
  z.object({ error: z.object({ json: z.object({ message: z.string(), data: Refusal }) }) }),
])

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** What the procedure returned; undefined when it refused. */
  readonly data: unknown
  readonly error: ({ message: string } & z.infer<typeof Refusal>) | undefined
}

export interface CallOptions {
  readonly key?: string
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** A real control plane behind the real API on a real port. */
export interface OpenApi extends AsyncDisposable {
  readonly domain: Domain
  readonly url: string
  /** The API key that calls are made with. */
  readonly admin: string
  /** Calls as an admin unless another key is given. */
  query(path: string, input: object, options?: CallOptions): Promise<Answer>
  mutate(path: string, input: object, options?: CallOptions): Promise<Answer>
  /** A new API key. */
  key(role?: Role): Promise<string>
}

export async function openApi(options: DomainOptions & Pick<ApiOptions, 'rates'> = {}): Promise<OpenApi> {
  const { rates = {}, ...domainOptions } = options
  const domain = await openDomain(domainOptions)
  const quiet = { info() {}, warn() {}, error() {} }
  const api = createApi({ controlPlane: domain.plane, logger: quiet, rates })
  const server = createAdaptorServer({
    fetch: (request) => api.fetch(request),
    // As the real one: where the machine is busy, a connection would end under a request.
    serverOptions: { keepAliveTimeout: 75_000 },
  }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const key = async (role: Role = 'admin') =>
    (await domain.plane.keys.create(alice, { name: 'test', role, system: true })).secret
  const admin = await key()

  const call = async (path: string, init: RequestInit, options: CallOptions): Promise<Answer> => {
    const response = await fetch(`${url}/trpc/${path}`, {
      ...init,
      ...(options.signal && { signal: options.signal }),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${options.key ?? admin}`,
        ...options.headers,
      },
    })
    const body = Body.parse(await response.json())
    const { status, headers } = response
    if ('result' in body) return { status, headers, data: body.result.data.json, error: undefined }
    const { message, data } = body.error.json
    return { status, headers, data: undefined, error: { message, ...data } }
  }
  return {
    domain,
    url,
    admin,
    key,
    query: (path, input, options = {}) =>
      call(`${path}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`, {}, options),
    mutate: (path, input, options = {}) =>
      call(path, { method: 'POST', body: JSON.stringify({ json: input }) }, options),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await domain[Symbol.asyncDispose]()
    },
  }
}
