import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, replaceHomeKey } from '@toygres/control-plane'
import { removeTree } from '@toygres/local-postgres'
import { defaultProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { claimPorts } from '../harness/domain/ports.ts'
import { died, kill, startProcess } from '../harness/killable-process.ts'
import { createTestDatabase } from '../harness/postgres/index.ts'

async function openWorld() {
  await using cleanup = new AsyncDisposableStack()
  const database = await createTestDatabase()
  cleanup.defer(() => database.drop())
  const sql = cleanup.adopt(connect(database.url, { max: 2, applicationName: 'test' }), (it) =>
    it.end().then(() => {}),
  )
  const home = await mkdtemp(join(tmpdir(), 'toygres-crash-'))
  cleanup.defer(() => removeTree(home))
  const { range } = cleanup.use(await claimPorts(1))
  const told = {
    databaseUrl: database.url,
    home,
    sealingKey: randomBytes(32).toString('hex'),
    port: range.first,
  }
  const key = await replaceHomeKey(sql, { homeId: newId(), name: 'test' })
  const url = `http://127.0.0.1:${told.port}/trpc`
  const everything = cleanup.move()
  return {
    sql,
    start: async (different: object = {}) => {
      const env = { TOYGRES_TEST_API: JSON.stringify({ ...told, ...different }) }
      const child = await startProcess(new URL('api-main.ts', import.meta.url), { env })
      everything.defer(() => kill(child))
      return child
    },
    send: async (path: string, json: object) => {
      const response = await fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ json }),
      })
      return { status: response.status, body: await response.text() }
    },
    /** Until the API waits for a lock that the test has. */
    blocked: () =>
      expect
        .poll(async () => {
          const rows = await sql`
            select from pg_stat_activity where datname = current_database()
              and application_name = 'toygres' and wait_event_type = 'Lock'`
          return rows.length
        })
        .toBe(1),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
}

const create = { name: 'orders', idempotencyKey: 'key-1' }

test('a process that is killed in the middle of a call leaves nothing of it, and its key free at once', async () => {
  await using world = await openWorld()
  const { sql } = world
  const first = await world.start()
  await sql.begin(async (tx) => {
    await tx`lock table audit_log in exclusive mode`
    const call = world.send('instances.create', create)
    call.catch(() => {})
    await world.blocked()
    await kill(first)
    await expect(call).rejects.toThrow()
  })
  await world.start()
  // Its connection is gone as soon as PostgreSQL has noticed.
  await expect.poll(async () => (await world.send('instances.create', create)).status).toBe(200)
  expect(await sql`select from instances`).toHaveLength(1)
  expect(await sql`select from operations`).toHaveLength(1)
})

test('a process that is killed before anybody hears its answer has kept it for the call that is sent again', async () => {
  await using world = await openWorld()
  const { sql } = world
  const first = await world.start({ dieAnswered: true })
  await expect(world.send('instances.create', create)).rejects.toThrow()
  await died(first)
  const made = await sql<{ id: string }[]>`select id from instances`
  expect(made).toHaveLength(1)

  await world.start()
  const again = await world.send('instances.create', create)
  expect(again.status).toBe(200)
  expect(again.body).toContain(made[0]?.id)
  expect(await sql`select from instances`).toHaveLength(1)
  expect(await world.send('instances.create', { ...create, name: 'others' })).toMatchObject({ status: 422 })
})

const Names = z.object({
  result: z.object({
    data: z.object({
      json: z.object({
        results: z.array(z.object({ instance: z.object({ id: z.uuid(), name: z.string() }) })),
      }),
    }),
  }),
})

test('a process that is killed in the middle of many leaves those that were made, and the others to the call that is sent again', async () => {
  await using world = await openWorld()
  const { sql } = world
  const many = { items: ['a', 'b', 'c'].map((name) => ({ name })), idempotencyKey: 'many' }
  const first = await world.start()
  await sql.begin(async (tx) => {
    await tx`insert into instances (id, project_id, name, version, provider)
      values (gen_random_uuid(), ${defaultProjectId}, 'b', '18', 'local')`
    const call = world.send('instances.createMany', many)
    call.catch(() => {})
    await world.blocked()
    await kill(first)
    await tx`delete from instances where name = 'b'`
  })
  const [a] = await sql<{ id: string; name: string }[]>`select id, name from instances`
  expect(a?.name).toBe('a')

  await world.start()
  await expect.poll(async () => (await world.send('instances.createMany', many)).status).toBe(200)
  const { body } = await world.send('instances.createMany', many)
  const { results } = Names.parse(JSON.parse(body)).result.data.json
  expect(results.map(({ instance }) => instance.name)).toEqual(['a', 'b', 'c'])
  expect(results[0]?.instance.id).toBe(a?.id)
  expect(await sql`select from instances`).toHaveLength(3)
  expect(await sql`select from operations where workflow = 'create-instance'`).toHaveLength(3)
})
