import { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { KeptConnections } from './kept-connections.ts'
import { openMonitorConnection } from './monitor-connection.ts'

/** Makes connections to somebody who accepts them: each with its far end, which sees it close. */
async function connector() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('it listens nowhere')
  onTestFinished(() => void server.close())
  return async () => {
    const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve))
    const login = { host: '127.0.0.1', port: address.port, password: 'never asked for', lookup }
    const connection = await openMonitorConnection(login, new AbortController().signal)
    const farEnd = (await arrived).on('error', () => {}).resume()
    onTestFinished(() => void farEnd.destroy())
    return { connection, farEnd }
  }
}

const here = '127.0.0.1:1'

test('no more are kept than may be: the least recently used one is closed first', async () => {
  const connect = await connector()
  const kept = new KeptConnections({ max: 2, onLost: () => {} })
  const [first, second, third] = [await connect(), await connect(), await connect()]
  kept.keep('first', here, first.connection)
  kept.keep('second', here, second.connection)
  expect(kept.take('first', here)).toBe(first.connection)
  kept.keep('first', here, first.connection)
  const closes = once(second.farEnd, 'close')
  kept.keep('third', here, third.connection)
  await closes
  expect(kept.size).toBe(2)
  expect(kept.take('second', here)).toBeNull()
  expect(kept.take('first', here)).toBe(first.connection)
  expect(kept.take('third', here)).toBe(third.connection)
})

test('one that is taken is nobody else’s, and one to another address is closed', async () => {
  const connect = await connector()
  const kept = new KeptConnections({ max: 2, onLost: () => {} })
  const { connection, farEnd } = await connect()
  kept.keep('orders', here, connection)
  expect(kept.take('orders', here)).toBe(connection)
  expect(kept.take('orders', here)).toBeNull()
  kept.keep('orders', here, connection)
  const closes = once(farEnd, 'close')
  expect(kept.take('orders', '127.0.0.1:2')).toBeNull()
  await closes
})

test('one that is a minute old is closed, so that a login is proven again', async () => {
  const connect = await connector()
  const kept = new KeptConnections({ max: 2, onLost: () => {} })
  const [young, old] = [await connect(), await connect()]
  const openedAgo = ({ connection }: typeof old, ms: number) =>
    Object.defineProperty(connection, 'openedAt', { value: performance.now() - ms })
  kept.keep('young', here, openedAgo(young, 50_000))
  kept.keep('old', here, openedAgo(old, 60_000))
  const closes = once(old.farEnd, 'close')
  expect(kept.take('old', here)).toBeNull()
  await closes
  expect(kept.take('young', here)).toBe(young.connection)
})

test('one that is lost while it is kept is told at once, and forgotten', async () => {
  const connect = await connector()
  const lost = Promise.withResolvers<string>()
  const kept = new KeptConnections({ max: 2, onLost: lost.resolve })
  const { connection, farEnd } = await connect()
  kept.keep('orders', here, connection)
  farEnd.destroy()
  expect(await lost.promise).toBe('orders')
  expect(kept.size).toBe(0)
})

test('one that is lost when it is handed back is not kept, and nobody is told of its loss', async () => {
  const connect = await connector()
  const lost: string[] = []
  const kept = new KeptConnections({ max: 2, onLost: (id) => void lost.push(id) })
  const { connection, farEnd } = await connect()
  const closes = once(farEnd, 'close')
  // What a check does with its connection when its time is over.
  connection.destroy()
  kept.keep('orders', here, connection)
  expect(kept.take('orders', here)).toBeNull()
  await closes
  expect({ size: kept.size, lost }).toEqual({ size: 0, lost: [] })
})

test('one that is handed back after all were closed is closed, too', async () => {
  const connect = await connector()
  const kept = new KeptConnections({ max: 2, onLost: () => {} })
  const { connection, farEnd } = await connect()
  kept.close()
  const closes = once(farEnd, 'close')
  kept.keep('orders', here, connection)
  await closes
  expect(kept.size).toBe(0)
})

test('none is opened for a check whose time is over', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const login = { host: '127.0.0.1', port, password: 'never asked for', lookup }
  await expect(openMonitorConnection(login, AbortSignal.abort())).rejects.toThrow('no time left')
})
