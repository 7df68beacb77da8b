import { readFile } from 'node:fs/promises'
import type { Toygres } from '@toygres/sdk'
import { startControlPlane } from '../harness/control-plane/index.ts'
import { ByHand } from './by-hand.ts'
import { percentile, printFigures, spread } from './figures.ts'
import { firstQuery } from './first-query.ts'

// From `create` to an instance that answers, and what the control plane itself costs; against doing it by hand.
const rounds = Number(process.argv[2] ?? 100)
const restarts = 5

const plane = await startControlPlane()
try {
  const starts = await measureStarts()
  const idle = await residentMemory()
  const toygres = await plane.sdk()
  const byHand = await ByHand.in(plane.home, 21_000)
  for (let i = 0; i < 3; i++) await measureCreate(toygres, `warm-up-${i}`)
  await byHand.create()

  const acknowledged: number[] = []
  const answered: number[] = []
  const hand: number[] = []
  for (let i = 0; i < rounds; i++) {
    const { acknowledgedMs, answeredMs } = await measureCreate(toygres, `bench-${i}`)
    acknowledged.push(acknowledgedMs)
    answered.push(answeredMs)
    if (i % 5 === 0) hand.push(await byHand.create())
  }
  const ratio = percentile(hand, 0.5) / percentile(answered, 0.5)
  printFigures(
    [
      {
        what: 'create to first successful query',
        seen: spread(answered),
        aim: 'p50 <= 400 ms, p95 <= 800 ms',
      },
      { what: 'API acknowledgement of create', seen: spread(acknowledged), aim: 'p99 <= 50 ms' },
      { what: 'by hand: initdb, pg_ctl start, query', seen: spread(hand) },
      { what: 'by hand / create, of the medians', seen: `${ratio.toFixed(1)} times as long` },
      { what: '"toygres up" on a warm machine to listening', seen: spread(starts), aim: '<= 2500 ms' },
      { what: 'resident memory of the control plane, idle', seen: idle, aim: '<= 150 MB' },
      { what: '... and after these creates and deletes', seen: await residentMemory() },
    ],
    `node --conditions=toygres-source test/bench/create.ts ${rounds}`,
  )
} finally {
  await plane[Symbol.asyncDispose]()
}

async function measureCreate(toygres: Toygres, name: string) {
  const began = performance.now()
  const { instance, operation } = await toygres.instances.create({ name })
  const acknowledgedMs = performance.now() - began
  await operation.wait()
  const { connectionString } = await toygres.instances.connection(instance.id)
  await firstQuery(connectionString)
  const answeredMs = performance.now() - began
  // Also what makes room again: the figures are of a machine with one instance at a time.
  await (await toygres.instances.delete(name)).operation.wait()
  return { acknowledgedMs, answeredMs }
}

async function measureStarts(): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < restarts; i++) {
    await plane.stop()
    const began = performance.now()
    await plane.up()
    taken.push(performance.now() - began)
  }
  return taken
}

/** Of the process that `up` is. */
async function residentMemory(): Promise<string> {
  const status = await readFile(`/proc/${plane.pid()}/status`, 'utf8')
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(status) ?? []
  return `${Math.round(Number(kib) / 1000)} MB`
}
