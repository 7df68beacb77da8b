import { createApi } from '@toygres/api'
import { appRouter } from '@toygres/api/router'
import { openDomain, type Domain, type DomainOptions } from '../harness/domain/index.ts'
import { z } from 'zod'

/** A domain behind its API, spoken to as callers do: with a key, by HTTP. */
export interface ApiWorld extends AsyncDisposable {
  readonly domain: Domain
  call(path: string, input: unknown, as: Caller): Promise<Answer>
}

export interface Caller {
  readonly key: string
  /** Where the call acts, for a key of the system. */
  readonly project?: string
}

export interface Answer {
  readonly status: number
  /** Of a refusal. */
  readonly code: string | undefined
  readonly text: string
  readonly requestId: string
}

export async function openApi(options: DomainOptions = {}): Promise<ApiWorld> {
  const domain = await openDomain(options)
  const quiet = { info() {}, warn() {}, error() {} }
  return {
    domain,
    async call(path, input, { key, project }) {
      const api = createApi({ controlPlane: domain.plane, logger: quiet })
      const query = procedures[path]?.type !== 'mutation'
      const body = JSON.stringify({ json: input })
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(project && { 'toygres-project': project }),
      }
      const url = `http://toygres.test/trpc/${path}`
      const request = query
        ? new Request(`${url}?input=${encodeURIComponent(body)}`, { headers })
        : new Request(url, { method: 'POST', headers, body })
      const response = await api.fetch(request)
      const text = path in endless ? await readUntil(response, endless[path] ?? '') : await response.text()
      const requestId = response.headers.get('x-request-id') ?? ''
      return { status: response.status, requestId, code: /"code":"([A-Z_]+)"/.exec(text)?.[1], text }
    },
    [Symbol.asyncDispose]: () => domain[Symbol.asyncDispose](),
  }
}

/** Streams that never end by themselves, and what each caller is told first. */
const endless: Record<string, string> = { 'instances.watch': '"type":"reset"' }

async function readUntil({ body }: Response, text: string): Promise<string> {
  let read = ''
  if (body === null) return read
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    read += decoder.decode(chunk, { stream: true })
    if (read.includes(text)) break
  }
  return read
}

/* oxlint-disable no-underscore-dangle -- where tRPC keeps what was declared */

const Declared = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(z.instanceof(z.ZodType)),
  meta: z.object({ permission: z.string().optional() }),
})

/** Every procedure of the API, by its path. */
export const procedures: Readonly<Record<string, z.infer<typeof Declared>>> = Object.fromEntries(
  Object.entries(
    z
      .record(
        z.string(),
        z.custom<{ _def: unknown }>((value) => typeof value === 'function'),
      )
      .parse(appRouter._def.procedures),
  ).map(([path, procedure]) => [path, Declared.parse(procedure._def)]),
)
