import { migrate } from '@toygres/control-plane'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { createEmptyDatabase } from '../harness/postgres/index.ts'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { createWitness, staged, straight } from './workflows.ts'
import { createWorld } from './world.ts'

test('six workers that start at once on an empty database all come up, and share the work', async () => {
  await using database = await createEmptyDatabase()
  const workers = await Promise.all(
    Array.from({ length: 6 }, () => startWorkerProcess(database.url, { migrates: true })),
  )
  const { sql, engine, close } = await openEngine(database.url)
  try {
    await createWitness(sql)
    await sql.begin(async (tx) => {
      for (let i = 0; i < 120; i++)
        await engine.start(tx, straight, {
          resourceId: crypto.randomUUID(),
          input: { polls: 1 },
          requestedBy: 'test',
        })
    })
    await expect.poll(() => sql`select from operations where ended_at is null`).toHaveLength(0)
    expect(await sql`select from operations where state = 'succeeded'`).toHaveLength(120)
    const [row] = await sql<{ reserves: number; distinct: number }[]>`
      select count(*)::integer as reserves, count(distinct operation_id)::integer as distinct from witness where what = 'reserve'`
    expect(row).toEqual({ reserves: 120, distinct: 120 })
    expect(await sql`select distinct pid from workers`).toHaveLength(6)
  } finally {
    await Promise.all(workers.map(kill))
    await close()
  }
})

/** What a later version may do while an earlier one still runs: add, never take away. */
const additive = `
  alter table operations add column later text, add column counted integer not null default 0;
  alter table operation_steps add column later jsonb;
  alter table operation_events add column later text default 'x';
  alter table workers add column later text;
  alter type operation_state add value 'later';
  create index operations_later on operations (workflow, later);
  create table later (id uuid primary key);`

test('workers that were there before an additive migration and workers from after it run the same operations', async () => {
  await using world = await createWorld({ work: false })
  const before = await startWorkerProcess(world.database.url)
  const files = await mkdtemp(join(tmpdir(), 'toygres-additive-'))
  const started = await Promise.all(Array.from({ length: 20 }, () => world.start(staged, { gates: 'go' })))
  await Promise.all(started.map((id) => world.saw(id, 'one')))
  await cp(new URL('../../sql', import.meta.url), files, { recursive: true })
  const [last] = await world.sql<
    { version: number }[]
  >`select max(version)::integer as version from toygres_migrations`
  await writeFile(join(files, `${String((last?.version ?? 0) + 1).padStart(6, '0')}_later.sql`), additive)
  await migrate(world.database.url, pathToFileURL(`${files}/`))
  await rm(files, { recursive: true })
  const after = await startWorkerProcess(world.database.url)
  try {
    for (const step of ['one', 'two', 'three', 'four']) await world.tell(`go ${step}`)
    const fresh = await Promise.all(Array.from({ length: 100 }, () => world.start(straight, { polls: 1 })))
    for (const id of [...started, ...fresh]) {
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation.state).toBe('succeeded')
    }
    const pids = await world.sql<{ pid: number }[]>`
      select distinct pid from witness where operation_id in ${world.sql(fresh)}`
    expect(new Set(pids.map(({ pid }) => pid))).toEqual(new Set([before.pid, after.pid]))
  } finally {
    await Promise.all([kill(before), kill(after)])
  }
})
