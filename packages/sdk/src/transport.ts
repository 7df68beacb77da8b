import { errorFrom, notToygres, unreachable } from './error-from.ts'
import { InvalidInputError } from './errors.ts'
import { procedures } from './generated/procedures.ts'
import type { Procedures } from './generated/types.ts'
import { eventReader } from './server-sent-events.ts'
import { decode, encode, has } from './wire.ts'

export interface ToygresOptions {
  /** Where the control plane listens, for example `http://127.0.0.1:7420`. */
  url: string
  /**
   * Sent as `Authorization: Bearer`, never in a URL; a function is asked before each request, for tokens that expire. Without it no
   * such header is sent: for a page whose origin is the control plane's, and which is signed in by a cookie.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined
  /** The project to act in, by its id or its name, for a key that opens more than one. */
  project?: string | undefined
  /**
   * How long a read waits for its answer, however often it is repeated meanwhile: two minutes unless told. What waits for an operation,
   * or follows something, goes on all the same.
   */
  readTimeoutMs?: number | undefined
  /** Used instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

export type ProcedureName = keyof Procedures
export type Input<Name extends ProcedureName> = Procedures[Name]['input']
export type Output<Name extends ProcedureName> = Procedures[Name]['output']

export interface SendBounds {
  signal: AbortSignal
  /** After so long nobody waits for the answer any more: the control plane is told, so that it stops, too. */
  timeoutMs: number
}

/** One way to one control plane. Sends each request once. */
export interface Transport {
  readonly url: string
  readonly readTimeoutMs: number
  send<Name extends ProcedureName>(name: Name, input: Input<Name>, bounds: SendBounds): Promise<Output<Name>>
  /** Opens a stream; it ends where the control plane says that it was all, and throws when it is cut. */
  open<Name extends ProcedureName>(
    name: Name,
    input: Input<Name>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Output<Name>>>
}

/** The control plane sends something at least every 15 seconds: a stream that is silent for longer than this is dead. */
const deafAfterMs = 40_000

export function openTransport({
  url,
  apiKey,
  project,
  readTimeoutMs = 120_000,
  fetch = globalThis.fetch,
}: ToygresOptions): Transport {
  const base = baseUrl(url)
  if (typeof apiKey === 'string') oneWord(apiKey, 'apiKey')
  if (project !== undefined) oneWord(project, 'project')

  async function request(
    name: ProcedureName,
    input: unknown,
    { signal, timeoutMs }: { signal: AbortSignal; timeoutMs?: number },
  ): Promise<Response> {
    const reads = procedures[name] === 'query' || procedures[name] === 'stream'
    const sent = input === undefined ? undefined : JSON.stringify(encode(input))
    const key = typeof apiKey === 'function' ? oneWord(await apiKey(), 'apiKey') : apiKey
    const query = reads && sent !== undefined ? `?input=${encodeURIComponent(sent)}` : ''
    return fetch(`${base}/trpc/${name}${query}`, {
      signal,
      method: reads ? 'GET' : 'POST',
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(timeoutMs !== undefined && { 'x-request-timeout': String(timeoutMs / 1000) }),
        ...(project !== undefined && { 'toygres-project': project }),
        ...(!reads && { 'content-type': 'application/json' }),
        ...(procedures[name] === 'stream' && { accept: 'text/event-stream' }),
      },
      ...(!reads && { body: sent ?? null }),
    }).catch((cause: unknown) => {
      throw unreachable(base, cause)
    })
  }

  return {
    url: base,
    readTimeoutMs,
    async send(name, input, bounds) {
      const response = await request(name, input, bounds)
      const answer = await answerOf(response, base)
      if (has(answer, 'result') && has(answer.result, 'data'))
        return decode(answer.result.data) as Output<typeof name>
      throw errorFrom(answer, response, base)
    },
    async open(name, input, signal) {
      const response = await request(name, input, { signal })
      const type = response.headers.get('content-type') ?? ''
      if (response.ok && type.startsWith('text/event-stream') && response.body !== null)
        return streamed(response.body, response, base) as AsyncIterable<Output<typeof name>>
      throw errorFrom(await answerOf(response, base), response, base)
    },
  }
}

async function answerOf(response: Response, url: string): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) throw notToygres(url, response)
  return response.json().catch((cause: unknown) => {
    throw cause instanceof SyntaxError ? notToygres(url, response) : unreachable(url, cause)
  })
}

async function* streamed(
  body: ReadableStream<Uint8Array>,
  response: Response,
  url: string,
): AsyncGenerator<unknown, void> {
  const reader = body.getReader()
  const events = eventReader()
  try {
    for (;;) {
      const { done, value } = await heard(reader, url)
      if (done) throw unreachable(url)
      for (const { type, data } of events(value)) {
        if (type === 'message') yield decode(JSON.parse(data))
        else if (type === 'return') return
        else if (type === 'serialized-error')
          throw errorFrom({ error: JSON.parse(data) as unknown }, response, url)
      }
    }
  } finally {
    // Lets go of the connection, also where the reader has gone away in the middle.
    await reader.cancel().catch(() => {})
  }
}

async function heard(reader: ReadableStreamDefaultReader<Uint8Array>, url: string) {
  let deaf: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    deaf = setTimeout(() => reject(unreachable(url)), deafAfterMs)
  })
  try {
    return await Promise.race([reader.read(), silence])
  } catch (cause) {
    throw unreachable(url, cause)
  } finally {
    clearTimeout(deaf)
  }
}

function baseUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (
    parsed === null ||
    !/^https?:$/.test(parsed.protocol) ||
    parsed.username !== '' ||
    parsed.password !== ''
  )
    throw new InvalidInputError(
      'INVALID_INPUT',
      'url must be like http://host:port, without a user or password',
    )
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`
}

/** `fetch` would refuse what no header can carry, and repeat it in its message. */
function oneWord(value: string, option: string): string {
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new InvalidInputError('INVALID_INPUT', `${option} must be one word without spaces or line ends`)
  return value
}
