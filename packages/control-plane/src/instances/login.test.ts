import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { withSuperuser } from './login.ts'

test('a login at a server that says nothing ends when it is told to, and leaves no connection', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const stop = new AbortController()
  const connected = once(server, 'connection')
  const login = withSuperuser({ host: '127.0.0.1', port }, 'secret', stop.signal, (sql) => sql`select 1`)
  login.catch(() => {})
  const [socket] = (await connected) as [Socket]
  const closed = once(socket.resume(), 'close')
  stop.abort(new Error('no longer wanted'))
  await expect(login).rejects.toThrow('no longer wanted')
  await closed
})
