import { newId, workflowsOn } from '@toygres/workflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { again } from '@toygres/workflow'
import { expectSound } from './sound-history.ts'
import { startLossyProxy } from './lossy-proxy.ts'
import { openEngine } from './open-engine.ts'
import { gated, staged, straight, workflows, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

const nul = String.fromCodePoint(0)
const circular: Record<string, unknown> = {}
circular['self'] = circular

/** What no database, or no JSON, takes. */
const unrecordable: Record<string, () => unknown> = {
  'an output that is larger than is kept': () => 'x'.repeat(65_537),
  'an output that is not JSON': () => circular,
  'an output that JSON has no number for': () => 10n,
  'an output that the database refuses': () => `a${nul}b`,
  'a reason to wait that the database refuses': () => again({ after: 1, because: `a${nul}b` }),
  'a progress that the database refuses': () => again({ after: 1, because: 'no', progress: `a${nul}b` }),
  'an error that the database refuses': () => {
    throw new Error(`a${nul}b`)
  },
}
const names = Object.keys(unrecordable)

const workflow = workflowsOn<Witnessed>()
const retry = { attempts: 1, firstDelay: 1, longestDelay: 1 }
const Which = z.object({ which: z.string() })
const bad = workflow('bad', { version: 1, input: Which })
  .step('before', async () => 'fine', {
    undo: async ({ sql, operation }) => {
      await sql`insert into witness (operation_id, what) values (${operation.id}, 'undo before')`
    },
  })
  .step('bad', async ({ input }) => unrecordable[input.which]?.(), { retry })
const badInTransaction = workflow('bad-in-transaction', { version: 1, input: Which }).transact(
  'bad',
  async ({ input, tx, operation }) => {
    await tx`insert into witness (operation_id, what) values (${operation.id}, 'wrote')`
    return unrecordable[input.which]?.()
  },
  { retry },
)

/** Hits what the database answers with when two transactions meet, the first time that it runs. */
let meetings = 0
const meeting = workflow('meeting', { version: 1, input: z.object({ code: z.string() }) }).transact(
  'write',
  async ({ tx, operation, input }) => {
    await tx`insert into witness (operation_id, what) values (${operation.id}, 'wrote')`
    if (meetings++ === 0)
      await tx.unsafe(`do $$ begin raise exception 'they met' using errcode = '${input.code}'; end $$`)
  },
)

const ours = [...workflows, bad, badInTransaction, meeting]
let world: World
beforeAll(async () => {
  world = await createWorld({ workflows: ours })
})
afterAll(() => world[Symbol.asyncDispose]())

/** All in one transaction, so that one turn claims them and they end together. */
const startTogether = (starts: readonly ((tx: never) => Promise<string>)[]) =>
  world.sql.begin(async (tx) => {
    const ids: string[] = []
    for (const start of starts) ids.push(await start(tx as never))
    return ids
  })
const options = <I>(input: I) => ({ resourceId: newId(), input, requestedBy: 'test' })
const good = (tx: never) => world.engine.start(tx, straight, options({ polls: 1 }))

describe('what cannot be recorded fails its own operation, and none that ends in the same turn', () => {
  test.each(names)('%s', async (which) => {
    const [one = '', other = '', two = '', three = ''] = await startTogether([
      good,
      (tx) => world.engine.start(tx, bad, options({ which })),
      (tx) => world.engine.start(tx, badInTransaction, options({ which })),
      good,
    ])
    for (const id of [one, three]) {
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation.state).toBe('succeeded')
      expect(await world.did(id)).toEqual(['reserve', 'deploy', 'poll', 'finish'])
    }
    for (const id of [other, two]) {
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation).toMatchObject({ state: 'failed', error: { step: 'bad' } })
    }
    expect(await world.did(other)).toEqual(['undo before'])
    expect(await world.did(two)).toEqual([])
  })
})

test('what the database refuses however it is put is parked in the end, and holds up nobody', async () => {
  await world.sql`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`
  const id = await world.start(bad, { which: 'an output that is not JSON' })
  await world.sql.unsafe(`create trigger refuse before insert or update on operation_steps for each row
    when (new.operation_id = '${id}' and new.step = 'bad' and new.state <> 'running') execute function refuse()`)
  expect((await world.ended(await world.start(straight, { polls: 1 }))).operation.state).toBe('succeeded')
  const { error } = await world.reached(id, 'parked')
  expect(error).toMatchObject({ code: 'POISONOUS', step: 'bad' })
  await world.sql`drop trigger refuse on operation_steps`
  // A person who has mended the cause lets it go on.
  await world.retry(id)
  expect((await world.ended(id)).operation).toMatchObject({ state: 'failed', error: { step: 'bad' } })
})

test('an operation that was taken over meanwhile is left alone, and the others of its turn are recorded', async () => {
  let [ids, stolen, fence]: [string[], string, number | undefined] = [[], '', undefined]
  // Again, where it had ended before it could be taken.
  while (fence === undefined) {
    ids = await startTogether(Array.from({ length: 10 }, () => good))
    stolen = ids[4] ?? ''
    await expect.poll(() => world.did(stolen)).toContain('reserve')
    // Somebody else has it now: whatever this worker still says of it does not count.
    const [taken] = await world.sql<{ fence: number }[]>`
      update operations set fence = fence + 1000, owner = null where id = ${stolen} and ended_at is null
      returning fence::integer`
    fence = taken?.fence
  }
  for (const id of ids.filter((one) => one !== stolen)) {
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('succeeded')
    expect(await world.did(id)).toEqual(['reserve', 'deploy', 'poll', 'finish'])
  }
  // It has not ended by what that worker said of it; by whoever has claimed it anew since, it may have.
  const [left] = await world.sql<{ as_taken: boolean; ended: boolean }[]>`
    select fence = ${fence} as as_taken, ended_at is not null as ended from operations where id = ${stolen}`
  expect(left).not.toEqual({ as_taken: true, ended: true })
})

test.each(['40001', '40P01', '55P03'])(
  'a turn that the database breaks off (%s) is repeated as a whole: SQL-only steps count once',
  async (code) => {
    meetings = 0
    const ids = await startTogether([good, (tx) => world.engine.start(tx, meeting, options({ code })), good])
    for (const id of ids) {
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation.state).toBe('succeeded')
    }
    expect(meetings).toBe(2)
    expect(await world.did(ids[1] ?? '')).toEqual(['wrote'])
    expect((await world.engine.get(ids[1] ?? ''))?.steps[0]?.attempt).toBe(1)
  },
)

test('what takes the database too long together is recorded in parts', async () => {
  await world.sql`create function too_many() returns trigger language plpgsql as $$ begin
    if (select count(*) from written) > 2 then raise 'it took too long' using errcode = '57014'; end if;
    return null; end $$`
  const ids = await startTogether(
    Array.from(
      { length: 12 },
      () => (tx: never) => world.engine.start(tx, gated, options({ gate: 'together' })),
    ),
  )
  for (const id of ids) await world.saw(id, 'hold')
  await world.sql`create trigger too_many after insert on operation_steps referencing new table as written
    for each statement execute function too_many()`
  await world.tell('together')
  for (const id of ids) {
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('succeeded')
    expect(await world.did(id)).toEqual(['hold'])
  }
  await world.sql`drop trigger too_many on operation_steps`
})

test('what takes the database too long also by itself is parked in the end, nothing of it is undone, and it holds up nobody', async () => {
  await world.sql`create function too_long() returns trigger language plpgsql as $$ begin
    raise 'it took too long' using errcode = '57014'; end $$`
  const id = await world.start(staged, { gates: 'slow' })
  await world.sql.unsafe(`create trigger too_long before insert or update on operation_steps for each row
    when (new.operation_id = '${id}' and new.state = 'succeeded') execute function too_long()`)
  await world.tell('slow one')
  expect((await world.ended(await world.start(straight, { polls: 1 }))).operation.state).toBe('succeeded')
  expect((await world.reached(id, 'parked')).error).toMatchObject({ code: 'POISONOUS', step: 'one' })
  await world.sql`drop trigger too_long on operation_steps`
  for (const step of ['two', 'three', 'four']) await world.tell(`slow ${step}`)
  await world.retry(id)
  const history = await world.ended(id)
  expectSound(history)
  expect(history.operation.state).toBe('succeeded')
})

test('a job that somebody put back into the queue by hand, while its step ran, is not in the way of the next step', async () => {
  await using there = await createWorld({ work: false })
  // Without polls: nobody looks for operations that have lost their job.
  const worker = await openEngine(there.database.url, { polls: false })
  await worker.run()
  const id = await there.start(staged, { gates: 'hand' })
  await there.saw(id, 'one')
  const put = await there.sql`
    update pgboss.job set state = 'retry', retry_count = retry_count + 1, start_after = now() + interval '1 hour'
    where singleton_key = ${id} and state = 'active' returning id`
  expect(put).toHaveLength(1)
  const steps = ['one', 'two', 'three', 'four']
  for (const step of steps) await there.tell(`hand ${step}`)
  expect((await there.ended(id)).operation.state).toBe('succeeded')
  expect(await there.did(id)).toEqual(steps)
  await worker.close()
})

describe.each(['answer', 'request'] as const)('when the %s of a commit is lost', (lost) => {
  test('what was recorded is read back, not guessed: nothing is run twice, nothing is left out', async () => {
    await using there = await createWorld({ work: false })
    await using proxy = await startLossyProxy(there.database.url)
    let passes = 0
    const worker = await openEngine(proxy.url, {
      reach(point) {
        // Next on this connection comes the commit.
        if (point === 'turn.claimed' && ++passes % 3 === 0) proxy.loseNext(lost)
      },
    })
    await worker.engine.run()
    try {
      const ids = await there.sql.begin(async (tx) => {
        const started: string[] = []
        for (let i = 0; i < 8; i++)
          started.push(await there.engine.start(tx, straight, options({ polls: 1 })))
        return started
      })
      for (const id of ids) {
        const history = await there.ended(id)
        expectSound(history)
        expect(history.operation.state).toBe('succeeded')
        expect(await there.did(id)).toEqual(['reserve', 'deploy', 'poll', 'finish'])
      }
      expect(proxy.lost()).toBeGreaterThan(0)
    } finally {
      await worker.close()
    }
  })
})
