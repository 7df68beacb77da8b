import type { LookupAddress } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { isPublicAddress } from './addresses.ts'

export interface Message {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The address is not one that webhooks are sent to. */
class AddressRefused extends Error {
  constructor(address: string) {
    super(`it leads to ${address}, which is not a public address`)
  }
}

export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

export interface PostOptions {
  readonly allowPrivateAddresses: boolean
  /** All addresses of a name, never none. */
  readonly resolve: Resolve
  readonly signal: AbortSignal
}

/**
 * Sends a message, and follows no redirect. The name is looked up by the connection itself and the answer checked there, so
 * that a name cannot lead elsewhere after it was checked; the address that was reached is checked once more before a byte is sent.
 * @returns the HTTP status of the answer
 */
export function post(
  { url, headers, body }: Message,
  { allowPrivateAddresses, resolve, signal }: PostOptions,
): Promise<number> {
  const { protocol, hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const may = (address: string) => allowPrivateAddresses || isPublicAddress(address)
  return new Promise((answer, fail) => {
    // A literal address is connected to without a lookup.
    if (isIP(host) !== 0 && !may(host)) return fail(new AddressRefused(host))
    const send = protocol === 'https:' ? httpsRequest : httpRequest
    const sending = send(url, {
      method: 'POST',
      // A connection of its own: one that is kept would have been checked for another webhook.
      agent: false,
      lookup: guarded(resolve, may),
      signal,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'toygres-webhooks',
      },
    })
    sending.once('socket', (socket) => {
      socket.once('connect', () => {
        if (!may(socket.remoteAddress ?? ''))
          socket.destroy(new AddressRefused(socket.remoteAddress ?? 'nowhere'))
      })
    })
    sending.once('response', (response) => {
      answer(response.statusCode ?? 0)
      // Nobody reads what it has to say, however long that is.
      response.on('error', () => {}).destroy()
    })
    sending.on('error', fail)
    sending.end(body)
  })
}

function guarded(resolve: Resolve, may: (address: string) => boolean): LookupFunction {
  const allowed = async (name: string): Promise<readonly LookupAddress[]> => {
    const addresses = await resolve(name)
    const refused = addresses.find(({ address }) => !may(address))
    if (refused) throw new AddressRefused(refused.address)
    return addresses
  }
  return (name, { all }, answer) =>
    callbackify(() => allowed(name))((error, addresses) => {
      if (error !== null) answer(error, '')
      else if (all) answer(null, [...addresses])
      else answer(null, addresses[0]?.address ?? '', addresses[0]?.family)
    })
}
