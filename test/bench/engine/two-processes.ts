import { embeddedServer } from '../../harness/postgres/embedded-server.ts'
import { printFigures } from '../figures.ts'
import { enter, type ContenderProcess } from './contenders/contender-process.ts'
import { newDatabase } from './contenders/databases.ts'
import { toygres } from './contenders/entries.ts'
import { median, untilEnded } from './contenders/rounds.ts'

// The same work for one process and for two on one database: the second must not cost anything, and neither may starve.
const [count = 5000, rounds = 3] = process.argv.slice(2).map(Number)

interface Round {
  readonly rate: number
  /** Of all steps, each process. */
  readonly shares: readonly number[]
}

const server = await embeddedServer({ fsync: true })
try {
  const [one, two]: [Round[], Round[]] = [[], []]
  // Taking turns, so that whatever else the machine does meets both.
  for (let i = 0; i < rounds; i++) {
    one.push(await measure(1))
    two.push(await measure(2))
    console.log(`round ${i + 1}: ${describe(one[i])} | ${describe(two[i])}`)
  }
  const rates = [one, two].map((all) => median(all.map(({ rate }) => rate))) as [number, number]
  const smallest = Math.min(...two.flatMap(({ shares }) => shares))
  printFigures(
    [
      { what: `one process, ${count} queued`, seen: `${Math.round(rates[0])} operations per second` },
      { what: `two processes, ${count} queued`, seen: `${Math.round(rates[1])} operations per second` },
      { what: 'two to one, of the medians', seen: (rates[1] / rates[0]).toFixed(2), aim: '>= 1' },
      { what: 'smallest share that one of two had', seen: percent(smallest), aim: 'none starves' },
    ],
    `node --conditions=toygres-source test/bench/engine/two-processes.ts ${count} ${rounds}`,
  )
} finally {
  await server.stop()
}

async function measure(processes: number): Promise<Round> {
  const { url, drop } = await newDatabase(server.url)
  const first = await enter(toygres, url)
  await first.call.queue(count)
  const all: ContenderProcess[] = [first]
  while (all.length < processes) all.push(await enter(toygres, url))
  const began = performance.now()
  await Promise.all(all.map(({ call }) => call.work()))
  await untilEnded(first, 120_000)
  const rate = (count / (performance.now() - began)) * 1000
  const steps = await Promise.all(all.map(({ call }) => call.stepsRun()))
  await Promise.all(all.map((contender) => contender[Symbol.asyncDispose]()))
  await drop()
  const total = steps.reduce((sum, n) => sum + n, 0)
  if (total !== 4 * count) throw new Error(`${total} steps ran for ${count} operations`)
  return { rate, shares: steps.map((n) => n / total) }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function describe(round: Round | undefined): string {
  return round ? `${Math.round(round.rate)}/s, shares ${round.shares.map(percent).join(' and ')}` : 'none'
}
