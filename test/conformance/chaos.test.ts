import { migrate } from '@toygres/control-plane'
import { newId } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { expect, test } from 'vitest'
import { restartableServer } from '../harness/postgres/index.ts'
import { openEngine } from './open-engine.ts'
import { died, kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { createWitness, straight } from './workflows.ts'
import { createWorld } from './world.ts'

test('through restarts of PostgreSQL and backends terminated twice a second no operation is lost, none ends twice, and no worker dies', async () => {
  await using server = await restartableServer()
  await migrate(server.url)
  const { sql, engine, close } = await openEngine(server.url)
  await createWitness(sql)
  const workers = await Promise.all([1, 2].map(() => startWorkerProcess(server.url)))
  const deaths: number[] = []
  for (const worker of workers) void died(worker).then(() => deaths.push(worker.pid ?? 0))
  let restarting = false
  const terminating = setInterval(() => {
    // Whoever starts a server logs in to see that it has started.
    if (restarting) return
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid() order by random() limit 1`.catch(
      () => {},
    )
  }, 500)
  try {
    const asked: string[] = []
    const committed: string[] = []
    const start = async () => {
      const id = newId()
      asked.push(id)
      const options = { resourceId: id, input: { polls: 2 }, requestedBy: 'test' }
      await sql.begin((tx) => engine.start(tx, straight, options))
      committed.push(id)
    }
    const endedSo = (n: number) =>
      expect
        .poll(() =>
          sql`select from operations where ended_at is not null`.then(
            (rows) => rows.length >= n,
            () => false,
          ),
        )
        .toBe(true)
    for (let round = 1; round <= 3; round++) {
      const before = committed.length
      while (committed.length < before + 25) await start().catch(() => {})
      // Under load, and only once some have got through: not all of it may be thrown back each time.
      await endedSo(before + 5)
      restarting = true
      await server.stop()
      await server.start()
      restarting = false
    }
    clearInterval(terminating)
    await expect
      .poll(() => sql`select from operations where ended_at is null`.catch(() => [null]), { timeout: 50_000 })
      .toHaveLength(0)
    const outcomes = await sql<{ resource_id: string; state: string; did: string[] }[]>`
      select o.resource_id, o.state, (select jsonb_agg(w.what) from witness w
        where w.operation_id = o.id and w.what in ('reserve', 'finish')) as did from operations o`
    for (const { state, did } of outcomes) {
      expect(state).toBe('succeeded')
      expect(did.toSorted()).toEqual(['finish', 'reserve'])
    }
    // Whoever was answered has an operation; whoever was not may have one too, and never two.
    const resources = outcomes.map((outcome) => outcome.resource_id)
    expect(new Set(resources).size).toBe(resources.length)
    expect(committed.filter((id) => !resources.includes(id))).toEqual([])
    expect(resources.filter((id) => !asked.includes(id))).toEqual([])
    expect(deaths).toEqual([])
  } finally {
    clearInterval(terminating)
    await Promise.all(workers.map(kill))
    await close()
  }
}, 150_000)

const listeners = (sql: Sql) => sql<{ pid: number }[]>`
  select pid from pg_stat_activity where datname = current_database() and query like 'listen %'`

test('a worker whose listening connection was terminated listens again, and has missed nothing', async () => {
  await using world = await createWorld({ work: false })
  const mine = new Set((await listeners(world.sql)).map(({ pid }) => pid))
  // Without polls: what it does, it does because it was told.
  const worker = await startWorkerProcess(world.database.url, { polls: false })
  const theirs = async () =>
    (await listeners(world.sql)).map(({ pid }) => pid).filter((pid) => !mine.has(pid))
  try {
    for (let round = 0; round < 3; round++) {
      const [before = 0] = await theirs()
      // Said while nobody listens: in the very transaction that cuts the connection.
      const id = await world.sql.begin(async (tx) => {
        await tx`select pg_terminate_backend(${before}, 5000)`
        return world.engine.start(tx, straight, {
          resourceId: newId(),
          input: { polls: 1 },
          requestedBy: 'test',
        })
      })
      expect((await world.ended(id)).operation.state).toBe('succeeded')
      await expect.poll(async () => (await theirs()).filter((pid) => pid !== before)).toHaveLength(1)
      const heard = await world.start(straight, { polls: 0 })
      expect((await world.ended(heard)).operation.state).toBe('succeeded')
    }
  } finally {
    await kill(worker)
  }
})
