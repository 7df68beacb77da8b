import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createClusterApi } from './api.ts'
import { PooledKubeConfig } from './connection.ts'

/** A server that is busy at first and then has nothing to show; and when it was asked. */
async function busyServer(retryAfterSeconds: number) {
  const askedAt: number[] = []
  const server = createServer((_, answer) => {
    askedAt.push(performance.now())
    if (askedAt.length > 1) return void answer.end('{"metadata":{},"items":[]}')
    answer.writeHead(429, { 'retry-after': String(retryAfterSeconds) }).end('{"message":"too busy"}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const config = new PooledKubeConfig()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  config.loadFromClusterAndUser({ name: 'here', server: address, skipTLSVerify: true }, { name: 'nobody' })
  return {
    askedAt,
    api: createClusterApi(config, 'toygres'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await config.close()
    },
  }
}

test('a server that asks to be left alone is not asked again before', async () => {
  await using server = await busyServer(3)
  await server.api.ping()
  const [first = 0, second = 0] = server.askedAt
  expect(second - first).toBeGreaterThanOrEqual(3000)
})

test('one that asks for more than the caller has patience for is not asked again, and that is told', async () => {
  await using server = await busyServer(90)
  await expect(server.api.ping()).rejects.toMatchObject({
    code: 'CLUSTER_UNAVAILABLE',
    message: 'list StatefulSets in toygres: too busy; it asks to be left alone for 90 s',
    retryAfterMs: 90_000,
  })
  expect(server.askedAt).toHaveLength(1)
})
