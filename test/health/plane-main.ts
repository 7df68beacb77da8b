import { startControlPlane } from '@toygres/control-plane'
import { createLocalProvider } from '@toygres/providers/local'
import { z } from 'zod'

// A control plane in a process of its own, so that it can really be killed. Told by startPlaneProcess.
const Told = z.object({
  databaseUrl: z.string(),
  home: z.string(),
  sealingKey: z.string(),
  crashAt: z.string().optional(),
  /** Milliseconds that this process's clock is ahead of the database's. */
  clockAheadMs: z.number().default(0),
})
const { databaseUrl, home, sealingKey, crashAt, clockAheadMs } = Told.parse(
  JSON.parse(process.env['TOYGRES_TEST_PLANE'] ?? '{}'),
)

const { now } = Date
Date.now = () => now() + clockAheadMs

const quiet = { info() {}, warn() {}, error() {} }
await startControlPlane({
  databaseUrl,
  embedded: false,
  provider: createLocalProvider({ home }),
  sealingKey: Buffer.from(sealingKey, 'hex'),
  version: 'test',
  logger: process.env['LOUD'] ? { info() {}, warn: console.error, error: console.error } : quiet,
  reachHealth(point) {
    if (point === crashAt) process.kill(process.pid, 'SIGKILL')
  },
})
process.stdout.write('ready\n')
