import { connect, type LookupFunction, type Socket } from 'node:net'
import type { Address } from '@toygres/providers'

/** Where an instance is to be found. */
export interface Place extends Address {
  /** How a name is resolved. The system would do it in the four threads that it has for files, too. */
  readonly lookup: LookupFunction
}

/** A socket to an instance, connected. The signal cuts off the connecting only: the connection may outlive it. */
export async function connectedTo({ host, port, lookup }: Place, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const socket = connect({ host, port, lookup, noDelay: true })
  const cut = () => socket.destroy()
  signal.addEventListener('abort', cut)
  try {
    return await new Promise((resolve, reject) => {
      // Stays: a socket that nobody listens to would end the process with its error.
      socket.on('error', reject)
      const ended = () => reject(lost())
      socket.once('close', ended)
      socket.once('connect', () => {
        socket.off('close', ended)
        resolve(socket)
      })
    })
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

/** Hands a connected socket over to postgres.js, which has no types for that. Asked again for a lost one, which is refused. */
export const over = (socket: Socket): object => ({
  socket: () => {
    if (socket.destroyed) throw lost()
    return socket
  },
})

const lost = (): Error =>
  Object.assign(new Error('the server closed the connection'), { code: 'CONNECTION_CLOSED' })
