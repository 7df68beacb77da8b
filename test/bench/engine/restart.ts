import postgres from 'postgres'
import { embeddedServer } from '../../harness/postgres/embedded-server.ts'
import { printFigures, type Figure } from '../figures.ts'
import { enter } from './contenders/contender-process.ts'
import { newDatabase } from './contenders/databases.ts'
import { installRivals, rivals, toygres, type Entry } from './contenders/entries.ts'
import type { Offered } from './contenders/commands.ts'
import { untilEnded } from './contenders/rounds.ts'
import { fourSteps } from './contenders/contender.ts'
import { Witness, type Execution } from './contenders/witness.ts'

// PostgreSQL is stopped at once (SIGQUIT: no checkpoint, every connection cut) while operations run, is away for two seconds and
// comes back. From then on: how long until an operation that was offered since has succeeded, and what became of the others?
const [rounds = 3] = process.argv.slice(2).map(Number)
/** Few enough for the slowest: what is measured is who comes back, not who keeps up. */
const everyMs = 100
const awayMs = 2000
/** Room for the slowest that come back at all. */
const patienceMs = 8000

const server = await embeddedServer({ fsync: true })
const figures: Figure[] = []
try {
  for (const entry of [toygres, ...rivals]) {
    const seen = await measure(entry).catch((error: unknown) => `failed: ${String(error)}`)
    figures.push({
      what: entry.name,
      seen,
      ...(entry === toygres && { aim: '<= 1.00 s, 0 lost, 0 ended twice' }),
    })
    console.log(`${entry.name}: ${seen}`)
  }
} finally {
  await server.stop()
}
console.log()
printFigures(
  figures,
  `${installRivals} && node --conditions=toygres-source test/bench/engine/restart.ts ${rounds}`,
)

async function measure(entry: Entry): Promise<string> {
  const { url } = await newDatabase(server.url)
  await using witness = await Witness.create()
  await using contender = await enter(entry, url, { witness: witness.file })
  await contender.call.work()
  await contender.call.offer(everyMs)
  const back: number[] = []
  for (let i = 0; i < rounds; i++) {
    await pause(1000)
    await server.restart({ awayMs })
    back.push(performance.timeOrigin + performance.now())
    await pause(everyMs)
    await pause(patienceMs)
    if (!contender.alive()) return `its process ended with the connection (restart ${i + 1})`
  }
  const offered = await contender.call.withdraw()
  const left = await untilEnded(contender, 30_000).then(
    () => '',
    (error: unknown) => `, ${error instanceof Error ? error.message : String(error)}`,
  )
  const firsts = back.map((since) => firstSuccess(offered, since))
  const { lost, again } = account(offered.acknowledged, witness.executions())
  const twice = entry === toygres ? `, ${await endedTwice(url)} ended twice` : ''
  return (
    `first success after ${firsts.map(inSeconds).join(', ')}; of ${offered.acknowledged.length} acknowledged ` +
    `${lost} lost${twice}, ${again} executions of a step again${left}`
  )
}

/** Milliseconds from the return of PostgreSQL until an operation was known to have succeeded that was offered since. */
function firstSuccess({ successes }: Offered, since: number): number {
  const known = successes.filter(({ offeredAt }) => offeredAt >= since).map(({ knownAt }) => knownAt - since)
  return Math.min(Infinity, ...known)
}

/** By the witness alone: an acknowledged operation whose steps did not all run is lost. */
function account(acknowledged: readonly string[], executions: readonly Execution[]) {
  const ran = new Map<string, number>()
  for (const { operation, step } of executions)
    ran.set(`${operation} ${step}`, (ran.get(`${operation} ${step}`) ?? 0) + 1)
  const lost = acknowledged.filter((key) => fourSteps.some((step) => !ran.has(`${key} ${step}`)))
  return { lost: lost.length, again: executions.length - ran.size }
}

/** Operations of ours with more than one end, or a step recorded more or less than once. */
async function endedTwice(url: string): Promise<number> {
  const sql = postgres(url, { max: 1 })
  try {
    const odd = await sql`
      select from operations o where o.ended_at is not null and (
        (select count(*) from operation_events e where e.operation_id = o.id and e.step is null and e.state = 'succeeded') <> 1
        or (select count(*) from operation_events e where e.operation_id = o.id and e.step is not null) <> 4)`
    return odd.length
  } finally {
    await sql.end()
  }
}

function inSeconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1000).toFixed(2)} s` : `more than ${patienceMs / 1000} s`
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
