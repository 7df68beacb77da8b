import { embeddedServer } from '../../harness/postgres/embedded-server.ts'
import { percentile, printFigures, spread } from '../figures.ts'
import { enter } from './contenders/contender-process.ts'
import { newDatabase } from './contenders/databases.ts'
import { toygres } from './contenders/entries.ts'
import { median } from './contenders/rounds.ts'
import { seedHistory } from './contenders/seed-history.ts'

// The cost of a step as the history grows: the same operations on a database with few finished ones and on one with many.
const [many = 1_000_000, count = 5000, rounds = 3] = process.argv.slice(2).map(Number)
const few = 1000

interface Seen {
  readonly rates: number[]
  readonly latencies: number[]
}

const server = await embeddedServer({ fsync: true })
try {
  const [young, old] = [await databaseWith(few), await databaseWith(many)]
  const [atFew, atMany]: [Seen, Seen] = [
    { rates: [], latencies: [] },
    { rates: [], latencies: [] },
  ]
  // Taking turns, so that whatever else the machine does meets both.
  for (let i = 0; i < rounds; i++) {
    await measure(young, atFew)
    await measure(old, atMany)
    console.log(
      `round ${i + 1}: ${Math.round(atFew.rates[i] ?? 0)} and ${Math.round(atMany.rates[i] ?? 0)} operations per second`,
    )
  }
  const costs = median(atFew.rates) / median(atMany.rates)
  const waits = percentile(atMany.latencies, 0.5) / percentile(atFew.latencies, 0.5)
  printFigures(
    [
      ...[
        { size: few, rates: atFew.rates, latencies: atFew.latencies },
        { size: many, rates: atMany.rates, latencies: atMany.latencies },
      ].map(({ size, rates, latencies }) => ({
        what: `after ${size} finished operations`,
        seen: `${Math.round(median(rates))} operations per second, ${count} queued; start to result ${spread(latencies)}`,
      })),
      { what: 'cost per step, many ready at once', seen: `${costs.toFixed(2)} times`, aim: '<= 1.1 times' },
      { what: 'start to result, one at a time', seen: `${waits.toFixed(2)} times`, aim: '<= 1.1 times' },
    ],
    `node --conditions=toygres-source test/bench/engine/history.ts ${many} ${count} ${rounds}`,
  )
} finally {
  await server.stop()
}

async function databaseWith(operations: number): Promise<string> {
  const { url } = await newDatabase(server.url)
  {
    await using contender = await enter(toygres, url)
    // Once used, so that the tables are there and the queue is known.
    await contender.call.work()
    await contender.call.latencies(5, 10_000)
  }
  const began = performance.now()
  await seedHistory(url, operations)
  console.log(`${operations} finished operations made in ${Math.round((performance.now() - began) / 1000)} s`)
  return url
}

async function measure(url: string, { rates, latencies }: Seen): Promise<void> {
  await using contender = await enter(toygres, url)
  const { call } = contender
  await call.work()
  latencies.push(...(await call.latencies(100, 30_000)))
  await call.rest()
  await call.queue(count)
  const { rate, cutShort } = await call.drain(count, 120_000)
  if (cutShort) throw new Error(`${count} operations did not end within 120 s`)
  rates.push(rate)
}
