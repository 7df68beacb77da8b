import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { UserError } from './user-error.ts'

/** Longer than what asks through a connection keeps it while it is silent: whoever ends it first must not be the one who is about to be asked. */
const keepAliveMs = 75_000

const sweepMs = 50

export interface Listening {
  readonly url: string
  /** Lets running requests end for `graceMs` milliseconds, then cuts them. */
  close(graceMs: number): Promise<void>
}

/**
 * Before anything is made for who is to listen there.
 * @throws {UserError} when the address cannot be had
 */
export async function checkAddress({ host, port }: { host: string; port: number }): Promise<void> {
  const server = createServer()
  await bind(server, host, port)
  await new Promise<void>((resolve) => server.close(() => resolve()))
}

/** @throws {UserError} when the address cannot be had */
export async function listen(
  answer: (request: Request, address: string | undefined) => Response | Promise<Response>,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const listener = getRequestListener((request, { incoming }) =>
    answer(request, incoming.socket.remoteAddress),
  )
  const server = createServer({ keepAliveTimeout: keepAliveMs }, listener)
  await bind(server, host, port)
  return { url: urlOf(server, host), close: (graceMs) => closeGently(server, graceMs) }
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new UserError(explain(error, host, port))))
    server.listen(port, host, resolve)
  })
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: choose another with --port, or stop what listens there`
    case 'EACCES':
      return `port ${port} may not be opened by this user: choose one above 1023 with --port`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: choose another with --host`
    default:
      return `cannot listen on ${host}:${port}: ${message}`
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('BUG: it listens on no port')
  // "All addresses" is nothing to connect to.
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`
}

async function closeGently(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Again and again: what has just had its answer would be kept, silent, until the end of the grace.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
