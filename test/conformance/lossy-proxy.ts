import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface LossyProxy extends AsyncDisposable {
  /** The same database, through here. */
  readonly url: string
  /** Breaks the connection on which the next commit is asked for: before it arrives, or after it was done. */
  loseNext(what: 'request' | 'answer'): void
  /** Lets only the first message and a bit of what is said next through, and nothing after it, as of a process that was paused just then. */
  stallNext(): void
  /** Nothing is let through any more, and no connection is closed. */
  silence(): void
  /** Commits that met this fate. */
  lost(): number
}

/** Stands between a worker and PostgreSQL and loses what it is told to lose. */
export async function startLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let next: 'request' | 'answer' | 'stall' | null = null
  let silent = false
  let lost = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const cut = () => {
      next = null
      lost++
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let [committing, stalled] = [false, false]
    client.on('data', (data) => {
      if (silent || stalled) return
      if (next === 'stall') {
        ;[next, stalled] = [null, true]
        // A message is a letter, and a length that counts itself.
        upstream.write(data.subarray(0, 1 + data.readUInt32BE(1) + 3))
        return
      }
      // A commit is asked for by its text the first time, and by the name of its statement from then on; either way
      // nothing else is asked for on the connection of a turn that has been claimed.
      committing = next !== null
      if (next === 'request') cut()
      else upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (silent) return
      if (next === 'answer' && committing && data.includes('COMMIT')) cut()
      else client.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    loseNext: (what) => {
      next = what
    },
    stallNext: () => {
      next = 'stall'
    },
    silence: () => {
      silent = true
    },
    lost: () => lost,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
