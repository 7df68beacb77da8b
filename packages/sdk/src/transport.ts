import type { AppRouter } from '@toygres/api/router'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'
import superjson from 'superjson'
import { notToygres, unreachable } from './error-from.ts'
import { InvalidInputError } from './errors.ts'

export interface ToygresOptions {
  /** Where the control plane listens, for example `http://127.0.0.1:7420`. */
  url: string
  /** Sent as `Authorization: Bearer`, never in a URL. */
  apiKey: string
  /** Used instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

export type Rpc = TRPCClient<AppRouter>

export interface Transport {
  readonly url: string
  readonly rpc: Rpc
}

export function openTransport({ url, apiKey, fetch = globalThis.fetch }: ToygresOptions): Transport {
  const base = baseUrl(url)
  const authorization = `Bearer ${usable(apiKey)}`
  const endpoint = { url: `${base}/trpc`, transformer: superjson }

  const rpc: Rpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({
          ...endpoint,
          // Ours, where there is another too: the web's cannot send a header, and a key in a URL ends in logs.
          EventSource,
          eventSourceOptions: {
            fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, authorization } }),
          },
        }),
        false: httpLink({
          ...endpoint,
          headers: { authorization },
          fetch: async (input, init) => answered(base, fetch(input, init as RequestInit)),
        }),
      }),
    ],
  })
  return { url: base, rpc }
}

async function answered(url: string, call: Promise<Response>): Promise<Response> {
  const response = await call.catch((cause: unknown) => {
    throw unreachable(url, cause)
  })
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) throw notToygres(url, response.status)
  return response
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

/** `fetch` would refuse a key that no header can carry, and repeat it in its message. */
function usable(apiKey: string): string {
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new InvalidInputError('INVALID_INPUT', 'apiKey must be one word without spaces or line ends')
  return apiKey
}
