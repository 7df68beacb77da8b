import { again, workflowsOn } from '@toygres/workflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { waiting, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
  // By the database's clock, whatever the workers believe.
  await world.sql`alter table witness add column at timestamptz default clock_timestamp()`
})
afterAll(() => world[Symbol.asyncDispose]())

const isWaiting = (id: string) =>
  expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')

/** When it was to look again, as long as it rests. */
async function until(id: string): Promise<Date> {
  const at = (await world.engine.get(id))?.steps[0]?.until
  return at ?? expect.unreachable('it rests')
}

/** Milliseconds from when it was to look again to when it did, by the database. */
async function lateness(id: string, due: Date): Promise<number> {
  const [row] = await world.sql<{ ms: number }[]>`
    select (extract(epoch from max(at) - ${due}::timestamptz) * 1000)::double precision as ms from witness
    where operation_id = ${id} and what = 'poll'`
  return row?.ms ?? Number.NaN
}

test('what came due while no worker ran is done once one does, and not before', async () => {
  const worker = await startWorkerProcess(world.database.url)
  const id = await world.start(waiting, { after: 700, until: 'nobody' })
  await isWaiting(id)
  const due = await until(id)
  await kill(worker)
  await world.lapse()
  await world.sql`select pg_sleep(greatest(extract(epoch from ${due}::timestamptz - clock_timestamp()), 0))`
  expect(await world.did(id)).toEqual(['poll'])
  await world.tell('nobody')
  const another = await startWorkerProcess(world.database.url)
  try {
    expect((await world.ended(id)).operation.state).toBe('succeeded')
    expect(await lateness(id, due)).toBeGreaterThanOrEqual(0)
  } finally {
    await kill(another)
  }
})

describe.each([
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])('a worker whose clock is %s', (_, clockAheadMs) => {
  test('waits as long as the database says, keeps its lease, and writes no time of its own', async () => {
    const [skewed, right] = await Promise.all([
      startWorkerProcess(world.database.url, { clockAheadMs }),
      startWorkerProcess(world.database.url),
    ])
    try {
      const gate = `told ${clockAheadMs}`
      const ids: string[] = []
      const due = new Map<string, Date>()
      const atWork = async () => {
        const rows = await world.sql<{ pid: number }[]>`
          select distinct pid from witness where operation_id = any(${ids}::uuid[])`
        return new Set(rows.map(({ pid }) => pid))
      }
      // Who takes an operation is whoever comes first: there are more of them until both have.
      do {
        const more = await Promise.all(
          Array.from({ length: 20 }, () => world.start(waiting, { after: 1500, until: gate })),
        )
        for (const id of more) {
          await isWaiting(id)
          due.set(id, await until(id))
        }
        ids.push(...more)
      } while ((await atWork()).size < 2)
      await world.tell(gate)
      for (const id of ids) {
        const history = await world.ended(id)
        expectSound(history)
        const { operation, events } = history
        expect(operation.state).toBe('succeeded')
        expect(await lateness(id, due.get(id) ?? expect.unreachable())).toBeGreaterThanOrEqual(0)
        const [now] = await world.sql<{ at: Date }[]>`select clock_timestamp() as at`
        const times = [operation.createdAt, ...events.map(({ at }) => at), operation.endedAt, now?.at]
        expect(times.map(Number)).toEqual(times.map(Number).toSorted((a, b) => a - b))
      }
      // Both have worked, and nobody took anything from the other.
      expect(await atWork()).toEqual(new Set([skewed.pid, right.pid]))
      expect(
        await world.sql`select from operation_steps where operation_id in ${world.sql(ids)} and crashes > 0`,
      ).toHaveLength(0)
    } finally {
      await Promise.all([kill(skewed), kill(right)])
    }
  })
})

/** Reports progress a few times, then none: its deadline is shorter than all of its waiting. */
const moving = workflowsOn<Witnessed>()('moving', { version: 1, input: z.object({ moves: z.int() }) }).step(
  'move',
  async ({ sql, operation, input }) => {
    await sql`insert into witness (operation_id, what) values (${operation.id}, 'poll')`
    const seen = await sql`select from witness where operation_id = ${operation.id}`
    if (seen.length === 12) return 'there'
    return again({ after: 100, because: 'moving', progress: String(Math.min(seen.length, input.moves)) })
  },
  { deadline: 500 },
)

test('a deadline moves as long as progress is reported, and only then', async () => {
  const worker = await openEngine(world.database.url, { workflows: [moving] })
  await worker.engine.run()
  const [arrives, sticks] = await Promise.all([
    world.start(moving, { moves: 99 }),
    world.start(moving, { moves: 2 }),
  ])
  expect((await world.ended(arrives)).operation.state).toBe('succeeded')
  expect((await world.ended(sticks)).operation.error?.code).toBe('DEADLINE_EXCEEDED')
  await worker.close()
})

const slow = workflowsOn<Witnessed>()('slow', { version: 1, input: z.object({}) }).step(
  'hang',
  async ({ signal }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  },
  { timeout: 50, retry: { attempts: 2, firstDelay: 1, longestDelay: 1 } },
)

test('an attempt whose time is up is told to stop, and counts as one that failed', async () => {
  const worker = await openEngine(world.database.url, { workflows: [slow] })
  await worker.engine.run()
  const { operation } = await world.ended(await world.start(slow, {}))
  expect(operation).toMatchObject({ state: 'failed', error: { code: 'STEP_TIMEOUT' } })
  expect(operation.steps[0]?.attempt).toBe(2)
  await worker.close()
})
