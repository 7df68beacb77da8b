import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { holdCreates } from '../harness/hold-creates.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'
import { start } from './running.ts'

let plane: TestControlPlane
let database: TestDatabase
beforeAll(async () => {
  database = await createEmptyDatabase()
  plane = await startControlPlane({ args: ['--database-url', database.url] })
}, 180_000)
afterAll(async () => {
  await plane[Symbol.asyncDispose]()
  await database.drop()
})

test('a step that runs for the first time shows on which process, and since when', async () => {
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  const toygres = await plane.sdk()
  try {
    const id = await sql.begin(async (tx) => {
      // No password can be kept: the first step cannot end.
      await tx`lock table instance_credentials in access exclusive mode`
      const { operation } = await toygres.instances.create({ name: 'stuck' })
      await until(async () =>
        (await toygres.operations.get(operation.id)).steps.some(({ run }) => run !== null),
      )
      const { stdout } = await plane.cli('ops', 'get', operation.id)
      expect(stdout).toMatch(/^runs on +\S+ \(process \d+\), for \d+s$/m)
      expect(stdout).toMatch(/^reserve +running +1 +\d/m)
      const instance = await plane.cli('get', 'stuck')
      expect(instance.stdout).toMatch(/^workflow +create-instance, requested \d+s ago by .+$/m)
      expect(instance.stdout).toMatch(/^step +reserve running\nruns on +\S+ \(process \d+\), for \d+s$/m)
      return operation.id
    })
    await plane.cli('ops', 'wait', id)
  } finally {
    await sql.end()
  }
})

test('the events of an instance tell of each thing that its history has; those of a deleted one are found by its id', async () => {
  await plane.cli('create', 'past')
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    const [row] = await sql<{ id: string; operation: string }[]>`
      select i.id, o.id as operation from instances i join operations o on o.resource_id = i.id where i.name = 'past'`
    const { id = '', operation = '' } = row ?? {}
    await sql`
      with counted as (update operations set last_seq = last_seq + 1 where id = ${operation} returning last_seq)
      insert into operation_events (operation_id, seq, operation_state, step, state, code, message)
      select ${operation}, last_seq, 'running', 'deploy', 'retrying', 'BUSY', 'the disk is busy' from counted`
    const { stdout } = await plane.cli('events', 'past')
    expect(stdout).toMatch(/create-instance +deploy +retrying +- +BUSY: the disk is busy$/m)
    // Its key has the name of the home that it is in.
    expect(stdout).toMatch(/create-instance +- +requested +- +by \/tmp\/toygres-e2e-\S+ on /)
    expect((await plane.cli('ops', 'get', operation)).stdout).toMatch(
      /^requested +\S+ ago by \/tmp\/toygres-e2e-\S+ on /m,
    )
    await plane.cli('delete', 'past', '--yes')
    const byName = await plane.cli('events', 'past')
    expect(byName.code).toBe(3)
    expect(byName.stderr).toContain(
      `there is no instance past; it was deleted, and is found by its id only: ${id}`,
    )
    expect((await plane.cli('events', id)).stdout).toMatch(/delete-instance +- +succeeded/)
  } finally {
    await sql.end()
  }
})

test('events tell of an operation that is under way, however much has happened to newer ones since', async () => {
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await using held = await holdCreates(database.url)
    await plane.cli('create', 'slow', '--no-wait')
    await sql`
      with busy as (
        insert into operations (id, workflow, version, resource_id, project_id, state, input, steps, step, last_seq, requested_by, ended_at)
        select uuidv7(), workflow, version, uuidv7(), project_id, 'succeeded', input, steps, step, 10, 'test', now()
        from operations, generate_series(1, 200) where resource_id = (select id from instances where name = 'slow')
        returning id
      )
      insert into operation_events (operation_id, seq, operation_state, state)
      select id, seq, 'succeeded', 'succeeded' from busy, generate_series(1, 10) seq`
    const { stdout } = await plane.cli('events', '--limit', '10000', '-o', 'json')
    expect(stdout).toContain('"instance": "slow"')

    await using events = start(['events', '-f', '--limit', '1'], plane.env)
    await events.says('succeeded')
    await held[Symbol.asyncDispose]()
    await events.says(/slow +create-instance +mark-running +succeeded/)
    await plane.cli('delete', 'slow', '--yes')
    await events.says(/slow +delete-instance +mark-deleted +succeeded/)
    const lines = events.stdout().trim().split('\n')
    expect(new Set(lines).size).toBe(lines.length)
  } finally {
    await sql.end()
  }
})

test('events of an instance that are followed go on to its end', async () => {
  await plane.cli('create', 'short')
  await using events = start(
    ['events', 'short', '-f', '--no-headers', '--columns', 'what,step,state'],
    plane.env,
  )
  await events.says(/create-instance +- +succeeded/)
  await plane.cli('delete', 'short', '--yes')
  await events.says(/delete-instance +- +succeeded/)
  expect(events.stderr()).toBe('')
})
