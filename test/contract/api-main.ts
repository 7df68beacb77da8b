import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { createApi } from '@toygres/api'
import { startControlPlane } from '@toygres/control-plane'
import { createLocalProvider } from '@toygres/providers/local'
import { z } from 'zod'

// A control plane and its API in a process of its own, so that it can really be killed. Told by startApiProcess.
const Told = z.object({
  databaseUrl: z.string(),
  home: z.string(),
  sealingKey: z.string(),
  port: z.int(),
  /** Dies when the first mutation has been answered inside, before anybody hears of it. */
  dieAnswered: z.boolean().default(false),
})
const { databaseUrl, home, sealingKey, port, dieAnswered } = Told.parse(
  JSON.parse(process.env['TOYGRES_TEST_API'] ?? '{}'),
)

const logger = { info() {}, warn() {}, error: console.error }
const controlPlane = await startControlPlane({
  databaseUrl,
  embedded: false,
  // No server is made: this is about calls only, and what a killed process leaves of a server would outlive the test.
  provider: { ...createLocalProvider({ home }), ensure: () => new Promise(() => {}) },
  sealingKey: Buffer.from(sealingKey, 'hex'),
  version: 'test',
  logger,
})
const api = createApi({ controlPlane, logger })
const server = createAdaptorServer({
  async fetch(request) {
    const answer = await api.fetch(request)
    if (dieAnswered && request.method === 'POST') process.kill(process.pid, 'SIGKILL')
    return answer
  },
})
server.listen(port, '127.0.0.1')
await once(server, 'listening')
process.stdout.write('ready\n')
