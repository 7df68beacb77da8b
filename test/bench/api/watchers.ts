import { once } from 'node:events'
import { connect } from 'node:net'
import { requestText } from './http-connection.ts'
import type { Measured, Order } from './load.ts'

/** An event as it comes by: when it was written down, by the database's clock, and whether it is the operation's last. */
const event = /"seq":(\d+),"at":"([^"]+)","operationState":"(\w+)","step":(null|"[^"]*")/g

/** Subscribers as browsers and SDKs are, each on a connection of its own. All of this is on one machine: there is one clock. */
export async function watchAll(
  { server, operations, watchers }: Extract<Order, { kind: 'watch' }>,
  onConnected: () => void,
): Promise<Measured> {
  const taken: number[] = []
  let failed = 0
  let connected = 0
  const began = performance.now()
  const allConnected = Promise.withResolvers<void>()
  let allConnectedAt = Infinity

  async function watchOne(id: string) {
    const input = encodeURIComponent(JSON.stringify({ json: { id } }))
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    socket.write(requestText({ method: 'GET', path: `/trpc/operations.watch?input=${input}`, ...server }))
    let text = ''
    let seen = 0
    let isConnected = false
    socket.setEncoding('utf8').on('data', (data: string) => {
      const now = Date.now()
      text += data
      if (!isConnected && text.includes('event: connected')) {
        isConnected = true
        if (++connected === watchers) {
          allConnectedAt = now
          allConnected.resolve()
        }
      }
      for (const [, seq, at, state, step] of text.matchAll(event)) {
        if (Number(seq) !== ++seen) failed++
        const written = Date.parse(at ?? '')
        // What was written before everybody was there is history, not news.
        if (written >= allConnectedAt) taken.push(now - written)
        if (step === 'null' && state === 'succeeded') socket.end()
      }
      text = text.slice(text.lastIndexOf('\n') + 1)
    })
    await once(socket, 'close')
  }

  void allConnected.promise.then(onConnected)
  await Promise.all(
    Array.from({ length: watchers }, (_, n) => watchOne(operations[n % operations.length] ?? '')),
  )
  return { taken, failed, elapsedMs: performance.now() - began }
}
