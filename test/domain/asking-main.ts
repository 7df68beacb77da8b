import { startControlPlane } from '@toygres/control-plane'
import { createLocalProvider } from '@toygres/providers/local'
import { crashPoints } from '@toygres/workflow'
import { z } from 'zod'
import { alice } from '../harness/domain/index.ts'

// A control plane in a process of its own that asks itself for one change, and is killed on the way. Told by the suite.
const Told = z.object({
  databaseUrl: z.string(),
  home: z.string(),
  sealingKey: z.string(),
  verb: z.enum(['stop', 'start']),
  id: z.string(),
  /** Dies when it passes this point for the so manieth time since it asked. */
  crashAt: z.enum(crashPoints),
  times: z.int(),
})
const { databaseUrl, home, sealingKey, verb, id, crashAt, times } = Told.parse(
  JSON.parse(process.env['TOYGRES_TEST_ASKING'] ?? '{}'),
)

let asked = false
let passed = 0
const plane = await startControlPlane({
  databaseUrl,
  embedded: false,
  provider: createLocalProvider({ home }),
  sealingKey: Buffer.from(sealingKey, 'hex'),
  version: 'test',
  logger: { info() {}, warn() {}, error: console.error },
  reach(point) {
    if (asked && point === crashAt && ++passed === times) process.kill(process.pid, 'SIGKILL')
  },
})
asked = true
const { operation } = await plane.instances[verb](alice, { id })
const { signal } = new AbortController()
for await (const _ of plane.operations.watch(alice, operation?.id ?? '', { afterSeq: 0, signal }));
await plane.stop(5000)
