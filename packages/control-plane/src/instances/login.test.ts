import { once } from 'node:events'
import { lookup } from 'node:dns'
import { createServer, type AddressInfo, type LookupFunction, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { withSuperuser } from './login.ts'

test('a login at a server that says nothing ends when it is told to, and leaves no connection', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const stop = new AbortController()
  const connected = once(server, 'connection')
  const login = withSuperuser(
    { host: '127.0.0.1', port, lookup },
    'secret',
    stop.signal,
    (sql) => sql`select 1`,
  )
  login.catch(() => {})
  const [socket] = (await connected) as [Socket]
  const closed = once(socket.resume(), 'close')
  stop.abort(new Error('no longer wanted'))
  await expect(login).rejects.toThrow('no longer wanted')
  await closed
})

test('a name is resolved as it is told to be, and one that nobody answers for is waited for no longer than is told', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = new AbortController()
  const asked: string[] = []
  const lookup: LookupFunction = (name, _, callback) => {
    asked.push(name)
    if (name === 'known.invalid') callback(null, [{ address: '127.0.0.1', family: 4 }])
    else stop.abort(new Error('no longer wanted'))
  }
  const login = (host: string) =>
    withSuperuser({ host, port, lookup }, 'secret', stop.signal, (sql) => sql`select 1`)
  await expect(login('known.invalid')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  await expect(login('hung.invalid')).rejects.toThrow('no longer wanted')
  expect(asked).toEqual(['known.invalid', 'hung.invalid'])
})
