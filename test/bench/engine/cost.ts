import { embeddedServer } from '../../harness/postgres/embedded-server.ts'
import { printFigures, type Figure } from '../figures.ts'
import { enter, type ContenderProcess } from './contenders/contender-process.ts'
import { newDatabase } from './contenders/databases.ts'
import { bareLoop, installRivals, pgBoss, toygres, type Entry } from './contenders/entries.ts'
import { difference, readUsage, withoutPageImages, type Usage } from './contenders/usage.ts'

// What a step costs PostgreSQL: with many ready at once, when a turn has many steps, and with one at a time, when it has one.
// The bare loop is the reference: bare pg-boss complete and send, plus our rows, and nothing else.
const [many = 2000, single = 200] = process.argv.slice(2).map(Number)

const server = await embeddedServer({ fsync: true })
try {
  await withoutPageImages(server.url)
  const figures: Figure[] = []
  const bytes: Record<string, number> = {}
  for (const [ready, count] of [
    ['many', many],
    ['one', single],
  ] as const)
    for (const entry of [toygres, bareLoop, pgBoss]) {
      const usage = await measure(entry, ready, count)
      const each = (total: number) => total / (4 * count)
      bytes[`${entry.kind} ${ready}`] = each(usage.walBytes)
      const what = `${entry.name}, ${ready === 'many' ? `${many} ready at once` : 'one at a time'}, per step`
      const parts = [
        `${Math.round(each(usage.walBytes))} bytes of WAL`,
        `${each(usage.walRecords).toFixed(1)} WAL records`,
        `${each(usage.commits).toFixed(3)} commits`,
        `${each(usage.deadTuples).toFixed(2)} dead tuples (${each(usage.hotUpdates).toFixed(2)} of HOT updates)`,
      ]
      console.log(`${what}: ${parts.join(', ')}`)
    }
  for (const ready of ['many', 'one'])
    figures.push({
      what: `WAL per step, toygres to the bare loop, ${ready} ready`,
      seen: ((bytes[`ours ${ready}`] ?? 0) / (bytes[`floor ${ready}`] ?? 1)).toFixed(2),
      aim: '<= 1.00',
    })
  printFigures(
    figures,
    `${installRivals} && node --conditions=toygres-source test/bench/engine/cost.ts ${many} ${single}`,
  )
} finally {
  await server.stop()
}

/** Of the steps alone where many are ready: the operations were queued before. */
async function measure(entry: Entry, ready: 'many' | 'one', count: number): Promise<Usage> {
  const { url, drop } = await newDatabase(server.url)
  await inItsOwnProcess(entry, url, async ({ call }) => {
    // Sets up the tables, and leaves them as a database that has been used.
    await call.work()
    await call.latencies(20, 20_000)
    await call.rest()
    if (ready === 'many') await call.queue(count)
  })
  const before = await readUsage(url)
  await inItsOwnProcess(entry, url, async ({ call }) => {
    const { cutShort } = await (ready === 'many' ? call.drain(count, 60_000) : oneByOne(call, count))
    if (cutShort) throw new Error(`${entry.name} did not end ${count} operations within 60 s`)
  })
  const usage = difference(before, await readUsage(url))
  await drop()
  return usage
}

async function oneByOne(call: ContenderProcess['call'], count: number): Promise<{ cutShort: boolean }> {
  await call.work()
  // The warm-up is a tenth more: it is counted among them.
  const taken = await call.latencies(Math.floor(count / 1.1), 60_000)
  return { cutShort: taken.length < Math.floor(count / 1.1) }
}

async function inItsOwnProcess(
  entry: Entry,
  url: string,
  use: (contender: ContenderProcess) => Promise<void>,
): Promise<void> {
  await using contender = await enter(entry, url)
  await use(contender)
}
