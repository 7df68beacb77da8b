import { PermanentError, workflowsOn } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { brittle, failing, flaky, gated, poison, staged, straight, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

/** What an operator sees of the step that an operation is at, by SQL and through the engine's own reading of it. */
async function seen({ sql, engine }: World, id: string) {
  const [status] = await sql`
    select s.*, extract(epoch from now() - run_since) * 1000 as "runsMs" from operation_status s where operation_id = ${id}`
  const operation = await engine.get(id)
  return { status, step: operation?.steps.find(({ name }) => name === status?.['step']), operation }
}

test('while a step runs for the first time it can be seen since when, in which attempt and on which worker', async () => {
  await using world = await createWorld({ work: false })
  const id = await world.start(staged, { gates: 'go' })
  const before = await seen(world, id)
  expect(before.status).toMatchObject({ step: 'one', step_state: 'pending', waiting_for: 'a free worker' })
  expect(before.step).toMatchObject({ state: 'pending', attempt: 0, startedAt: null, run: null })
  const worker = await startWorkerProcess(world.database.url)
  try {
    await world.saw(id, 'one')
    await world.tell('go one')
    await world.saw(id, 'two')
    const { status, step, operation } = await seen(world, id)
    expect(status).toMatchObject({
      requested_by: 'test',
      step: 'two',
      step_state: 'running',
      attempt: 1,
      waiting_for: null,
      pid: worker.pid,
      host: expect.any(String),
    })
    expect(step).toMatchObject({ state: 'running', attempt: 1, run: { pid: worker.pid } })
    expect(step?.startedAt).toEqual(step?.run?.since)
    const [one] = operation?.steps ?? []
    expect(step?.startedAt?.getTime()).toBeGreaterThanOrEqual(one?.endedAt?.getTime() ?? Infinity)
    for (const name of ['two', 'three', 'four']) await world.tell(`go ${name}`)
    const { operation: ended } = await world.ended(id)
    expect(ended.steps.map(({ run }) => run)).toEqual([null, null, null, null])
  } finally {
    await kill(worker)
  }
})

test('that a step was taken over, when and from whom, stays in the history when it has gone on elsewhere', async () => {
  await using world = await createWorld({ work: false })
  const first = await startWorkerProcess(world.database.url)
  const id = await world.start(staged, { gates: 'go' })
  await world.saw(id, 'one')
  const { step: running, operation: begun } = await seen(world, id)
  expect(running?.startedAt?.getTime()).toBeGreaterThanOrEqual(begun?.startedAt?.getTime() ?? Infinity)
  await kill(first)
  await world.lapse()
  const second = await startWorkerProcess(world.database.url)
  try {
    await expect.poll(() => world.did(id)).toEqual(['one', 'one'])
    const again = await seen(world, id)
    expect(again.step).toMatchObject({ state: 'running', attempt: 1, run: { pid: second.pid } })
    // It has run since its first worker began it.
    expect(again.step?.startedAt).toEqual(running?.startedAt)
    for (const name of ['one', 'two', 'three', 'four']) await world.tell(`go ${name}`)
    const { events } = await world.ended(id)
    const { run } = running ?? expect.unreachable('it ran')
    expect(events.filter(({ code }) => code !== null)).toMatchObject([
      {
        code: 'TAKEN_OVER',
        operationState: 'running',
        step: 'one',
        state: 'retrying',
        message: `taken over from worker ${run?.worker} (process ${first.pid} on ${run?.host}), which fell silent`,
      },
    ])
    // It is none of those that the step may fail, so that the next has its number.
    const attempts = await world.sql`
      select attempt, state, code from operation_attempts where operation_id = ${id} and step = 'one' order by seq`
    expect([...attempts]).toEqual([
      { attempt: 1, state: 'lost', code: 'TAKEN_OVER' },
      { attempt: 1, state: 'succeeded', code: null },
    ])
  } finally {
    await kill(second)
  }
})

test('a step whose operation is parked waits for a person, and says so', async () => {
  await using world = await createWorld({ work: false })
  const id = await world.start(poison, {})
  for (;;) {
    const worker = await startWorkerProcess(world.database.url)
    await world.saw(id, 'die')
    await world.sql`delete from witness`
    await kill(worker)
    await world.lapse()
    const counted = () =>
      world.sql`select from operation_events where operation_id = ${id} and code = 'TAKEN_OVER'`
    const deaths = (await counted()).length
    const peer = await startWorkerProcess(world.database.url)
    await expect.poll(counted).not.toHaveLength(deaths)
    await kill(peer)
    await world.lapse()
    if ((await world.engine.get(id))?.state === 'parked') break
  }
  const { status, step } = await seen(world, id)
  expect(step).toMatchObject({ state: 'waiting', until: null, run: null })
  expect(step?.waitingFor).toBe('a person, who lets it go on with retry: its worker died 5 times in step die')
  expect(status).toMatchObject({ state: 'parked', step_state: 'waiting', error: { code: 'POISONOUS' } })
})

test('what an operation waits for is named: room in a limit, the end of another, and until when it rests', async () => {
  await using world = await createWorld({ limits: { workflows: { gated: 1 } } })
  const first = await world.start(gated, { gate: 'open' })
  await world.saw(first, 'hold')
  const second = await world.start(gated, { gate: 'open' })
  const [row] = await world.sql<
    { resource: string }[]
  >`select resource_id as resource from operations where id = ${first}`
  const third = await world.sql.begin((tx) =>
    world.engine.start(tx, straight, {
      resourceId: row?.resource ?? '',
      input: { polls: 0 },
      requestedBy: 'somebody',
      after: first,
    }),
  )
  expect((await seen(world, second)).status).toMatchObject({ waiting_for: 'room in workflow gated' })
  expect((await seen(world, third)).status).toMatchObject({
    waiting_for: `the end of operation ${first}`,
    requested_by: 'somebody',
  })
  await world.tell('open')
  for (const id of [first, second, third]) expect((await world.ended(id)).operation.state).toBe('succeeded')
})

const workflow = workflowsOn<Witnessed>()
const restful = workflow('restful', { version: 1, input: z.object({}) }).step(
  'try',
  async () => {
    throw Object.assign(new Error('not today'), { code: 'BUSY' })
  },
  { retry: { attempts: 2, firstDelay: 60_000, longestDelay: 60_000 } },
)

test('every attempt is kept with its error, and a step that rests says what it failed with and until when', async () => {
  await using world = await createWorld({ workflows: [restful, flaky, failing] })
  const resting = await world.start(restful, {})
  await expect.poll(async () => (await seen(world, resting)).step?.state).toBe('retrying')
  const { status, step } = await seen(world, resting)
  expect(status).toMatchObject({ attempt: 1, error: { code: 'BUSY', message: 'not today' } })
  expect(step?.until?.getTime()).toBeGreaterThan(step?.startedAt?.getTime() ?? Infinity)

  const id = await world.start(flaky, { failures: 2 })
  await world.ended(id)
  const attempts = async (of: string) => [
    ...(await world.sql`
      select step, undo, tries, attempt, state, code, message from operation_attempts where operation_id = ${of} order by seq`),
  ]
  const attempt = (n: number, state: string, message: string | null) => {
    return { step: 'try', undo: false, tries: 1, attempt: n, state, code: message && 'STEP_FAILED', message }
  }
  expect(await attempts(id)).toEqual([
    attempt(1, 'retrying', 'attempt 1 failed'),
    attempt(2, 'retrying', 'attempt 2 failed'),
    attempt(3, 'succeeded', null),
  ])
  const undone = await world.start(failing, {})
  await world.ended(undone)
  expect((await attempts(undone)).map((one) => [one['step'], one['undo'], one['state']])).toEqual([
    ['reserve', false, 'succeeded'],
    ['deploy', false, 'succeeded'],
    ['check', false, 'succeeded'],
    ['break', false, 'failed'],
    ['deploy', true, 'undone'],
    ['reserve', true, 'undone'],
  ])
})

const clumsy = workflow('clumsy', { version: 1, input: z.object({}) })
  .step('deploy', async () => 'deployed', {
    undo: async ({ sql, operation }) => {
      const [told] = await sql`select from witness where operation_id = ${operation.id} and what = 'mended'`
      if (told === undefined) throw Object.assign(new Error('it sticks'), { code: 'STICKS' })
    },
  })
  .step('break', async () => {
    throw new PermanentError('BROKEN', 'it is broken')
  })

test('what an undo fails with is told beside what its step failed with, as long as it fails', async () => {
  await using world = await createWorld({ workflows: [clumsy] })
  const id = await world.start(clumsy, {})
  await expect.poll(async () => (await seen(world, id)).step?.undo?.error?.code).toBe('STICKS')
  const { status, step, operation } = await seen(world, id)
  expect(step).toMatchObject({ name: 'deploy', attempt: 1, error: null, undo: { error: { code: 'STICKS' } } })
  expect(status).toMatchObject({ error: { code: 'BROKEN' }, undo_error: { code: 'STICKS' } })
  expect(operation?.steps[1]).toMatchObject({ error: { code: 'BROKEN' }, undo: null })
  await world.tell('mended', id)
  const { operation: ended } = await world.ended(id)
  const { undo } = ended.steps[0] ?? {}
  expect(undo).toMatchObject({ error: null })
  const undos = await world.sql`
    select attempt, state from operation_attempts where operation_id = ${id} and step = 'deploy' and undo order by seq`
  expect([...undos]).toEqual([
    ...Array.from({ length: (undo?.attempt ?? 0) - 1 }, (_, n) => ({ attempt: n + 1, state: 'retrying' })),
    { attempt: undo?.attempt, state: 'undone' },
  ])
})

test('a step took as long as it ran, its undo as long as that; an operation that is tried again as long as this try', async () => {
  await using world = await createWorld()
  const id = await world.start(brittle, {})
  const { operation: failed } = await world.ended(id)
  const [, deploy, broken] = failed.steps
  // Between its end and its undo, the next step ran and failed.
  expect(deploy?.state).toBe('undone')
  expect(deploy?.endedAt?.getTime()).toBeLessThanOrEqual(broken?.startedAt?.getTime() ?? 0)
  expect(deploy?.undo).toMatchObject({ attempt: 1, startedAt: expect.any(Date), endedAt: expect.any(Date) })
  expect(deploy?.undo?.startedAt.getTime()).toBeGreaterThanOrEqual(broken?.endedAt?.getTime() ?? Infinity)
  expect(failed.retriedAt).toBeNull()
  await world.tell('mended', id)
  await world.retry(id)
  const { operation } = await world.ended(id)
  expect(operation.retriedAt?.getTime()).toBeGreaterThanOrEqual(failed.endedAt?.getTime() ?? Infinity)
  expect(operation.steps.map(({ undo }) => undo)).toEqual([null, null, null])
  const [row] = await world.sql`
    select duration = ended_at - retried_at as "isOfThisTry" from operation_status where operation_id = ${id}`
  expect(row).toEqual({ isOfThisTry: true })
})

const leisurely = workflow('leisurely', { version: 1, input: z.object({}) })
  .step('first', async () => 'done')
  .transact('second', async ({ tx }) => {
    await tx`select pg_sleep(0.2)`
  })
  .transact('third', async ({ tx }) => {
    await tx`select pg_sleep(0.2)`
  })

test('one clock, which only goes forward: a step begins when the one before has ended, and nothing is later than the end', async () => {
  await using world = await createWorld({ workflows: [leisurely] })
  const id = await world.start(leisurely, {})
  const { operation, events } = await world.ended(id)
  const rows = await world.sql`
    select p.step from operation_progress p join operations o on o.id = p.operation_id
      left join operation_progress before on before.operation_id = o.id and before.position = p.position - 1
    where o.id = ${id} and (p.started_at < coalesce(before.ended_at, o.started_at) or p.ended_at < p.started_at or p.ended_at > o.ended_at)`
  expect([...rows]).toEqual([])
  const [moments] = await world.sql`
    select started_at >= created_at as begun, ended_at >= started_at as ended, updated_at >= ended_at as updated,
      (select ended_at from operation_steps s where s.operation_id = o.id and s.step = 'third') = ended_at as last
    from operations o where id = ${id}`
  expect(moments).toEqual({ begun: true, ended: true, updated: true, last: true })
  expect(events.at(-1)?.at).toEqual(operation.endedAt)
})
