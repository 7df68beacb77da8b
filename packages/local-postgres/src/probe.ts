import { connect } from 'node:net'

/** Whether whoever listens there is a PostgreSQL that takes logins now. */
export type ProbeAnswer = 'accepting' | 'rejecting' | 'silent'

const authenticationRequest = 'R'.charCodeAt(0)

/** Asks for a login up to the point where a password would be needed, as `pg_isready` does. Leaves no line in the log. */
export function probe(
  port: number,
  {
    host = '127.0.0.1',
    timeoutMs,
    signal,
  }: { readonly host?: string; readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const answer = (result: ProbeAnswer) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(timeoutMs, () => answer('silent'))
    socket.once('connect', () => socket.write(startupMessage()))
    socket.once('data', (data) => answer(data[0] === authenticationRequest ? 'accepting' : 'rejecting'))
    socket.once('error', () => answer('silent'))
    socket.once('close', () => {
      signal?.removeEventListener('abort', abort)
      answer('silent')
    })
    const abort = () => {
      reject(signal?.reason)
      socket.destroy()
    }
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort)
  })
}

/** Protocol 3.0: length, version, then pairs of strings, closed by an empty one. */
function startupMessage(): Buffer {
  const body = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const head = Buffer.alloc(8)
  head.writeInt32BE(head.length + body.length, 0)
  head.writeInt32BE(3 << 16, 4)
  return Buffer.concat([head, body])
}
