import { newId, OperationInProgress } from '@toygres/workflow'
import { connect } from '@toygres/control-plane'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endless, straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Rows of everything that a start writes for this resource, and of what its caller wrote beside it. */
async function rows(resourceId: string) {
  const [found] = await world.sql`
    with mine as (select id from operations where resource_id = ${resourceId})
    select (select count(*)::integer from mine) as operations,
      (select count(*)::integer from operation_events where operation_id in (select id from mine)) as events,
      (select count(*)::integer from pgboss.job where data ->> 'operationId' in (select id::text from mine)) as jobs,
      (select count(*)::integer from pgboss.job) as all_jobs,
      (select count(*)::integer from witness where what = ${resourceId}) as callers`
  return found
}
const options = (resourceId: string) => ({ resourceId, input: { polls: 0 }, requestedBy: 'test' })

test('an operation exists with its first event, its first job and what the caller wrote', async () => {
  const resourceId = newId()
  await world.sql.begin(async (tx) => {
    await tx`insert into witness (what) values (${resourceId})`
    await world.engine.start(tx, straight, options(resourceId))
  })
  expect(await rows(resourceId)).toMatchObject({ operations: 1, events: 1, jobs: 1, callers: 1 })
})

test('none of it exists when the caller rolls back', async () => {
  const resourceId = newId()
  const before = await rows(resourceId)
  const refused = world.sql.begin(async (tx) => {
    await tx`insert into witness (what) values (${resourceId})`
    await world.engine.start(tx, straight, options(resourceId))
    throw new Error('changed my mind')
  })
  await expect(refused).rejects.toThrow('changed my mind')
  expect(await rows(resourceId)).toEqual(before)
})

test('none of it exists when the caller dies in the middle', async () => {
  const resourceId = newId()
  const before = await rows(resourceId)
  const caller = connect(world.database.url, { max: 1, applicationName: 'caller' })
  const cut = caller.begin(async (tx) => {
    const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
    await tx`insert into witness (what) values (${resourceId})`
    await world.engine.start(tx, straight, options(resourceId))
    await world.sql`select pg_terminate_backend(${backend?.pid ?? 0}, 5000)`
    await tx`select 1`
  })
  await expect(cut).rejects.toThrow()
  await caller.end({ timeout: 1 })
  expect(await rows(resourceId)).toEqual(before)
})

test('an input that the workflow does not take is refused before anything is written, and the transaction goes on', async () => {
  const resourceId = newId()
  await world.sql.begin(async (tx) => {
    const wrong = { ...options(resourceId), input: { polls: 'many' as never } }
    await expect(world.engine.start(tx, straight, wrong)).rejects.toThrow(/polls/)
    await tx`insert into witness (what) values (${resourceId})`
  })
  expect(await rows(resourceId)).toMatchObject({ operations: 0, events: 0, jobs: 0, callers: 1 })
})

test('of twenty at once on one resource one is started; the others are told which, in transactions that stay usable', async () => {
  const resourceId = newId()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      world.sql.begin(async (tx) => {
        const answer = await world.engine
          .start(tx, straight, options(resourceId))
          .catch((error: unknown) => error)
        await tx`insert into witness (what) values (${resourceId})`
        return answer
      }),
    ),
  )
  const [started, ...others] = answers.filter((answer) => typeof answer === 'string')
  expect(others).toEqual([])
  for (const refused of answers.filter((answer) => answer !== started)) {
    expect(refused).toBeInstanceOf(OperationInProgress)
    expect(refused).toMatchObject({ operationId: started })
  }
  expect(await rows(resourceId)).toMatchObject({ operations: 1, jobs: 1, callers: 20 })
})

test('one that is to follow another waits without a job, and a third is refused', async () => {
  const resourceId = newId()
  const start = (after?: string) =>
    world.sql.begin((tx) =>
      world.engine.start(tx, endless, { ...options(resourceId), input: {}, ...(after && { after }) }),
    )
  const first = await start()
  const second = await start(first)
  expect(await rows(resourceId)).toMatchObject({ operations: 2, events: 2, jobs: 1 })
  await expect(start(first)).rejects.toMatchObject({ operationId: second })
  await expect(start()).rejects.toBeInstanceOf(OperationInProgress)
})

test('one that is to follow another which has ended begins at once', async () => {
  const resourceId = newId()
  const first = await world.start(straight, { polls: 0 }, resourceId)
  await world.sql`update operations set ended_at = now(), state = 'succeeded' where id = ${first}`
  await world.sql.begin((tx) => world.engine.start(tx, straight, { ...options(resourceId), after: first }))
  expect(await rows(resourceId)).toMatchObject({ operations: 2, jobs: 2 })
})
