import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { PortForward } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { PooledKubeConfig } from '../cluster/connection.ts'
import { tunnelTo } from './tunnel.ts'

const chunk = Buffer.alloc(64 * 1024, 'x')
const chunks = 2048
/** What may be under way: buffers of kernels and of both libraries. All that is sent is four times as much. */
const mostUnderWay = 32 * 1024 * 1024

/** A client whose bytes go through a tunnel to the web socket `server`, as an API server would have it. */
async function tunnelled({ andReset = false } = {}) {
  const cleanup = new AsyncDisposableStack()
  const api = cleanup.adopt(new WebSocketServer({ host: '127.0.0.1', port: 0 }), (server) => server.close())
  await once(api, 'listening')
  const config = new PooledKubeConfig()
  config.loadFromClusterAndUser(
    {
      name: 'double',
      server: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      skipTLSVerify: true,
    },
    { name: 'nobody' },
  )
  const here = createServer((socket) => {
    if (andReset) socket.destroy()
    tunnelTo(new PortForward(config), { namespace: 'toygres', name: 'pg-0' }, socket).catch(() =>
      socket.destroy(),
    )
  })
  cleanup.defer(() => void here.close())
  await once(here.listen({ host: '127.0.0.1', port: 0 }), 'listening')
  const opened = once(api, 'connection') as Promise<[WebSocket]>
  const client = cleanup.adopt(
    connect({ host: '127.0.0.1', port: (here.address() as AddressInfo).port }),
    (client) => void client.destroy(),
  )
  const [server] = await opened
  // As the protocol has it: the first frame of a channel names its port.
  for (const channel of [0, 1]) server.send(Buffer.of(channel, 0x38, 0x15))
  return { client, server, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}

test('what a client is slow to take is not kept for it', async () => {
  await using world = await tunnelled()
  const { client, server } = world
  let sent = 0
  const sending = (async () => {
    for (let i = 0; i < chunks; i++) {
      await new Promise((done) => server.send(Buffer.concat([Buffer.of(0), chunk]), done))
      sent += chunk.length
    }
  })()
  let most = 0
  const taken = await takeSlowly(client, (taken) => (most = Math.max(most, sent - taken)))
  await sending
  expect(taken).toBe(chunks * chunk.length)
  expect(most).toBeLessThan(mostUnderWay)
})

test('what a server is slow to take is not kept for it', async () => {
  await using world = await tunnelled()
  const { client, server } = world
  let [taken, most] = [0, 0]
  const all = Promise.withResolvers<void>()
  server.on('message', (frame: Buffer) => {
    taken += frame.length - 1
    if (taken === chunks * chunk.length) return all.resolve()
    server.pause()
    void turns(20).then(() => server.resume())
  })
  for (let i = 0; i < chunks; i++) {
    if (!client.write(chunk)) await once(client, 'drain')
    most = Math.max(most, client.bytesWritten - client.writableLength - taken)
  }
  await all.promise
  expect(most).toBeLessThan(mostUnderWay)
})

test('the end of either ends the other', async () => {
  await using one = await tunnelled()
  one.server.close()
  await once(one.client.resume(), 'close')
  await using other = await tunnelled()
  const closed = once(other.server, 'close')
  other.client.end()
  await closed
  // Before the tunnel is open: there is nobody to tell it later.
  await using third = await tunnelled({ andReset: true })
  await once(third.server, 'close')
})

async function takeSlowly(client: Socket, onTaken: (bytes: number) => void): Promise<number> {
  let taken = 0
  for await (const data of client) {
    taken += (data as Buffer).length
    onTaken(taken)
    if (taken === chunks * chunk.length) break
    await turns(20)
  }
  return taken
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}
