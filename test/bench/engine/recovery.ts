import { embeddedServer } from '../../harness/postgres/embedded-server.ts'
import { printFigures, type Figure } from '../figures.ts'
import { enter, type ContenderProcess } from './contenders/contender-process.ts'
import { newDatabase } from './contenders/databases.ts'
import { installRivals, rivals, toygres, type Entry } from './contenders/entries.ts'
import { Witness } from './contenders/witness.ts'

// Two workers are up; the one that runs step two is killed. How long until the other runs that step, and does it go on to the end?
const [given, flag] = process.argv.slice(2)
const kills = Number(given ?? 20)
const withRivals = flag === '--rivals'

/** Rivals are given one kill each, and this long: some need minutes, some another program. */
const patienceMs = 60_000

const server = await embeddedServer({ fsync: true })
try {
  const taken = await measure(toygres, kills)
  const figures: Figure[] = [
    { what: `toygres, the longest of ${kills}`, seen: describe(Math.max(...taken)), aim: '<= 5 s' },
    { what: 'toygres, the shortest', seen: describe(Math.min(...taken)) },
  ]
  for (const entry of withRivals ? rivals : []) {
    const seen = await once(entry)
    console.log(`${entry.name}: ${seen}`)
    figures.push({ what: `${entry.name}, once`, seen })
  }
  printFigures(
    figures,
    `${withRivals ? `${installRivals} && ` : ''}node --conditions=toygres-source test/bench/engine/recovery.ts ${kills}${withRivals ? ' --rivals' : ''}`,
  )
} finally {
  await server.stop()
}

async function once(entry: Entry): Promise<string> {
  try {
    return describe((await measure(entry, 1))[0] ?? Infinity)
  } catch (error) {
    return `failed: ${String(error)}`
  }
}

/** @returns milliseconds from each kill until a peer ran the step again */
async function measure(entry: Entry, count: number): Promise<number[]> {
  const { url } = await newDatabase(server.url)
  await using witness = await Witness.create()
  const open = async () => {
    const contender = await enter(entry, url, { witness: witness.file, hold: 'two' })
    await contender.call.work()
    return contender
  }
  let workers: ContenderProcess[] = [await open(), await open()]
  const taken: number[] = []
  try {
    for (let i = 0; i < count; i++) {
      const key = crypto.randomUUID()
      const [starter] = workers
      await starter?.call.queueOne(key)
      const held = await witness.nth(key, 'two', 1, patienceMs)
      const owner = workers.find(({ pid }) => pid === held?.pid)
      if (owner === undefined) throw new Error(`${entry.name} did not begin an operation`)
      await owner.kill()
      const killed = performance.now()
      const again = await witness.nth(key, 'two', 2, patienceMs)
      taken.push(again === null ? Infinity : performance.now() - killed)
      if (again === null) break
      if ((await witness.nth(key, 'four', 1, patienceMs)) === null)
        throw new Error(`${entry.name} resumed an operation and did not end it`)
      workers = [...workers.filter((worker) => worker !== owner), await open()]
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
  }
  return taken
}

function describe(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1000).toFixed(2)} s` : `not within ${patienceMs / 1000} s`
}
