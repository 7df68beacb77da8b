import postgres from 'postgres'
import type { Answer, Call, Commands, Drained } from './commands.ts'
import type { ContenderModule } from './contender.ts'
import { steps } from './step-body.ts'

// Told by contender-process.ts: whose module, and where.
const [module = '', databaseUrl = ''] = process.argv.slice(2)
const { enter } = (await import(module)) as ContenderModule
const contender = await enter(databaseUrl)
const sql = postgres(databaseUrl, { max: 1, onnotice: () => {}, idle_timeout: 1 })

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const newKey = () => crypto.randomUUID()
const now = () => performance.timeOrigin + performance.now()

async function unended(): Promise<number> {
  const [row] = await sql.unsafe<{ n: number }[]>(contender.unended)
  return row?.n ?? 0
}

async function orGiveUp(operation: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('an operation did not end within 30 s')), 30_000)
  })
  await Promise.race([operation, late]).finally(() => clearTimeout(timer))
}

let offering: NodeJS.Timeout | undefined
const acknowledged: string[] = []
const successes: { offeredAt: number; knownAt: number }[] = []

async function offerOne(): Promise<void> {
  const [key, offeredAt] = [newKey(), now()]
  const result = await contender.start(key)
  acknowledged.push(key)
  await result()
  successes.push({ offeredAt, knownAt: now() })
}

const commands: Commands = {
  work: contender.work,
  rest: contender.rest,
  queue: (count) => contender.queue(Array.from({ length: count }, newKey)),
  async latencies(count, mostMs) {
    const taken: number[] = []
    const enough = performance.now() + mostMs
    for (let i = -Math.ceil(count / 10); i < count && performance.now() < enough; i++) {
      const began = performance.now()
      await orGiveUp(contender.start(newKey()).then((result) => result()))
      if (i >= 0) taken.push(performance.now() - began)
    }
    return taken
  },
  async drain(count, mostMs): Promise<Drained> {
    Object.assign(steps, { run: 0, firstAt: 0 })
    const enough = performance.now() + mostMs
    await contender.work()
    // Only then is the database asked, so that the asking costs the contender nothing.
    while (steps.run < 4 * count && performance.now() < enough) await pause(2)
    while (performance.now() < enough && (await unended()) > 0) await pause(2)
    const seconds = (performance.now() - steps.firstAt) / 1000
    const cutShort = (await unended()) > 0
    const stepsEach = steps.run / count
    return { rate: (cutShort ? steps.run / 4 : count) / seconds, stepsEach, cutShort }
  },
  async offer(everyMs) {
    // With its database away it may refuse: then there was no promise.
    offering = setInterval(() => void offerOne().catch(() => {}), everyMs)
  },
  async withdraw() {
    clearInterval(offering)
    return { acknowledged, successes }
  },
  queueOne: (key) => contender.queue([key]),
  stepsRun: async () => steps.run,
  unended,
  async close() {
    await contender.close()
    await sql.end({ timeout: 1 })
  },
}

async function answer({ id, name, args }: Call): Promise<Answer> {
  try {
    return {
      id,
      value: await (commands[name] as (...given: readonly unknown[]) => Promise<unknown>)(...args),
    }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', (call: Call) => void answer(call).then((said) => process.send?.(said)))
// Its parent is gone.
process.on('disconnect', () => process.exit())
process.send?.({ id: 0 } satisfies Answer)
