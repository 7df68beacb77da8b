import { once } from 'node:events'
import { createServer } from 'node:net'

/** Places that are asked in earnest, one per instance, and that know of each check from its beginning to its end. */
export interface Asked extends AsyncDisposable {
  readonly ports: readonly number[]
  /** Checks that have begun so far, by instance. */
  begun(): readonly number[]
  /** Instances that were asked while another check of them was under way. */
  askedTwiceAtOnce(): readonly number[]
}

/** How long an answer takes, so that what can meet does. */
const answerMs = 200

export async function openAsked(size: number): Promise<Asked> {
  const begun = Array.from({ length: size }, () => 0)
  const underWay = Array.from({ length: size }, () => 0)
  const twice = new Set<number>()
  const servers = begun.map((_, n) =>
    createServer((socket) => {
      begun[n] = (begun[n] ?? 0) + 1
      underWay[n] = (underWay[n] ?? 0) + 1
      if (underWay[n] > 1) twice.add(n)
      const answer = setTimeout(() => socket.destroy(), answerMs)
      // The end of a check is that of its connection, also when its process is killed.
      socket.on('error', () => {}).resume()
      socket.once('close', () => {
        clearTimeout(answer)
        underWay[n] = (underWay[n] ?? 1) - 1
      })
    }).listen(0, '127.0.0.1'),
  )
  await Promise.all(servers.map((server) => once(server, 'listening')))
  return {
    ports: servers.map((server) => {
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : 0
    }),
    begun: () => begun,
    askedTwiceAtOnce: () => [...twice],
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}
