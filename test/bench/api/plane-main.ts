import { randomBytes, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createApi } from '@toygres/api'
import { connect, replaceHomeKey, startControlPlane, type Probe } from '@toygres/control-plane'
import { z } from 'zod'
import { nowhere } from './nowhere.ts'
import { askForMemory, type Memory } from './processes.ts'

// A control plane with its API, as `toygres up` runs it, but for the provider. It tells its parent where it listens.
const Told = z.object({
  databaseUrl: z.string(),
  address: z.object({ host: z.string(), port: z.number() }),
  log: z.string(),
})
const { databaseUrl, address, log } = Told.parse(JSON.parse(process.env['TOYGRES_BENCH'] ?? '{}'))

const allWell: Probe = () =>
  Promise.resolve({
    failure: null,
    disk: null,
    answer: {
      latencyMs: 1,
      tls: false,
      inRecovery: false,
      readOnly: false,
      connections: 1,
      maxConnections: 97,
      oldestTransactionSeconds: null,
    },
  })

const lines = createWriteStream(log)
const write = (level: number) => (fields: object, message: string) =>
  void lines.write(`${JSON.stringify({ level, time: Date.now(), ...fields, message })}\n`)
const logger = { info: write(30), warn: write(40), error: write(50) }

const sql = connect(databaseUrl, { max: 1, applicationName: 'bench' })
const apiKey = await replaceHomeKey(sql, { homeId: randomUUID(), name: 'bench' })
await sql`update projects set max_instances = null, max_operations = null`
await sql.end()

const provider = nowhere(address)
const controlPlane = await startControlPlane({
  databaseUrl,
  embedded: false,
  provider,
  sealingKey: randomBytes(32),
  version: 'bench',
  logger,
  probe: allWell,
})
const unlimited = { burst: 1e9, perSecond: 1e9 }
const api = createApi({ controlPlane, logger, rates: { reads: unlimited, writes: unlimited } })
const server = createServer(getRequestListener((request) => api.fetch(request)))
await once(server.listen(0, '127.0.0.1'), 'listening')

process.on('message', (message) => {
  if (message === askForMemory) process.send?.(memory())
  else provider.letGo(z.string().parse(message))
})
process.send?.({ port: (server.address() as AddressInfo).port, apiKey })

/** What is held is what is left after garbage collection: the heap, and the buffers outside it. */
function memory(): Memory {
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heldKb: (heapUsed + external) / 1000, residentKb: rss / 1000 }
}
