import { embeddedServer } from '../../harness/postgres/embedded-server.ts'
import { percentile, printFigures, spread } from '../figures.ts'
import { enter } from './contenders/contender-process.ts'
import { newDatabase } from './contenders/databases.ts'
import { bareLoop, installRivals, rivals, toygres, type Entry } from './contenders/entries.ts'

// Operations of four steps that do nothing, on one PostgreSQL with everything durable, one contender after the other.
const [latencies = 200, ...queued] = process.argv.slice(2).map(Number)
const counts = queued.length > 0 ? queued : [1000, 10_000]

/** Some take a second for an operation: they are cut short, not waited for. */
const longestMs = 20_000

interface Seen {
  readonly entry: Entry
  readonly p50: number
  readonly rates: readonly number[]
}

const server = await embeddedServer({ fsync: true })
const seen: Seen[] = []
try {
  for (const entry of [toygres, bareLoop, ...rivals]) {
    // Some end with their process: what happened is a result, too.
    const measured = await measure(entry).catch((error: unknown) =>
      console.log(`${entry.name}: failed: ${String(error)}`),
    )
    if (measured) seen.push(measured)
  }
} finally {
  await server.stop()
}
printFigures(
  [
    ...counts.map((count, index) => ({
      what: `operations per second, ${count} queued`,
      seen: `${Math.round(of('toygres')?.rates[index] ?? 0)}`,
      aim: '>= 1,200',
    })),
    { what: 'start to result, p50', seen: `${of('toygres')?.p50.toFixed(1)} ms`, aim: '<= 12 ms' },
    ...counts.map((count, index) => ({
      what: `... to the best engine, ${count} queued`,
      seen: timesTheBest('engine', index),
      aim: '>= 5 times',
    })),
    ...counts.map((count, index) => ({
      what: `... to the best queue (no operations, no history), ${count} queued`,
      seen: timesTheBest('queue', index),
    })),
    ...counts.map((count, index) => ({
      what: `... to the bare loop, ${count} queued`,
      seen: timesTheBest('floor', index),
    })),
  ],
  `${installRivals} && node --conditions=toygres-source test/bench/engine/compare.ts ${latencies} ${counts.join(' ')}`,
)

async function measure(entry: Entry): Promise<Seen> {
  const { url, drop } = await newDatabase(server.url)
  await using contender = await enter(entry, url)
  const { call } = contender
  await call.work()
  const taken = await call.latencies(latencies, longestMs)
  console.log(`${entry.name}: start to result ${spread(taken)}`)
  const rates: number[] = []
  for (const count of counts) {
    await call.rest()
    await call.queue(count)
    const { rate, stepsEach, cutShort } = await call.drain(count, longestMs)
    const note = cutShort ? ` (in ${longestMs / 1000} s; not all ended)` : `, ${stepsEach} steps each`
    console.log(`${entry.name}: ${count} queued, ${Math.round(rate)} operations per second${note}`)
    rates.push(rate)
    // The rest of it would only make the next wait.
    if (cutShort) break
  }
  await contender[Symbol.asyncDispose]()
  await drop()
  return { entry, p50: percentile(taken, 0.5), rates }
}

function of(name: string): Seen | undefined {
  return seen.find(({ entry }) => entry.name === name)
}

function timesTheBest(kind: Entry['kind'], index: number): string {
  const others = seen.filter(({ entry }) => entry.kind === kind)
  // One that was cut short at fewer is as fast as it was then.
  const rates = others.map(({ entry, rates: all }) => ({
    name: entry.name,
    rate: all[index] ?? all.at(-1) ?? 0,
  }))
  const best = rates.toSorted((a, b) => b.rate - a.rate)[0]
  if (best === undefined) return 'nobody ran'
  return `${((of('toygres')?.rates[index] ?? 0) / best.rate).toFixed(2)} times (${best.name})`
}
