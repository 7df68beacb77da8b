import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { PooledKubeConfig } from './connection.ts'
import { ToldWatch } from './told-watch.ts'

/** How a watch of a server that behaves so ends, and whether it stood before. */
async function watchOf(behave: RequestListener) {
  const server = createServer(behave).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const config = new PooledKubeConfig()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  config.loadFromClusterAndUser({ name: 'here', server: address, skipTLSVerify: true }, { name: 'nobody' })
  let opened = false
  const watch = new ToldWatch(config, () => (opened = true))
  // The library has no option for its 30 s.
  Reflect.set(watch, 'requestTimeoutMs', 2000)
  try {
    const error = await new Promise<unknown>((resolve) => {
      void watch.watch('/api/v1/pods', {}, () => {}, resolve)
    })
    return { opened, name: error instanceof Error ? error.name : null }
  } finally {
    server.closeAllConnections()
    server.close()
    await config.close()
  }
}

test('a server that takes a watch and then is silent is only quiet', async () => {
  const quiet: RequestListener = (_, answer) => answer.writeHead(200).flushHeaders()
  expect(await watchOf(quiet)).toEqual({ opened: true, name: 'TimeoutError' })
})

test('a server that never answers is in trouble: the library would take that for quiet too', async () => {
  expect(await watchOf(() => {})).toEqual({ opened: false, name: 'Error' })
})

test('a refusal says that it is one; that the server has forgotten where we were (410) is for the library', async () => {
  const refuse =
    (status: number): RequestListener =>
    (_, answer) =>
      void answer.writeHead(status).end()
  expect(await watchOf(refuse(403))).toEqual({ opened: false, name: 'ApiError' })
  expect(await watchOf(refuse(410))).toEqual({ opened: false, name: 'Error' })
})
