import { again, PermanentError, workflowsOn } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

/** Stands for whatever a careless workflow puts into its input, output and errors. */
const secret = 'swordfish-0815'

const careless = workflowsOn<Witnessed>()('careless', { version: 1, input: z.object({ word: z.string() }) })
  .step('wait', async ({ sql, operation, input }) => {
    const rows = await sql`select from witness where operation_id = ${operation.id}`
    await sql`insert into witness (operation_id, what) values (${operation.id}, 'looked')`
    return rows.length === 0 ? again({ after: 1, because: input.word, progress: input.word }) : input.word
  })
  .step(
    'try',
    async ({ attempt, input }) => {
      if (attempt === 1) throw new Error(input.word)
      return { deep: [input.word] }
    },
    { retry: { attempts: 2, firstDelay: 1, longestDelay: 1 }, undo: async () => {} },
  )
  .transact('fail', async ({ input }) => {
    throw new PermanentError('BROKEN', input.word)
  })

let world: World
beforeAll(async () => {
  world = await createWorld({ workflows: [careless] })
  // A job goes with the step that it carried: whatever was ever in its row is kept here.
  await world.sql.unsafe(`
    create table every_job (data jsonb, output jsonb, whole text);
    create function keep_job() returns trigger language plpgsql as $$
      begin insert into every_job values (new.data, new.output, new::text); return null; end $$;
    create trigger keep_job after insert or update on pgboss.job for each row execute function keep_job()`)
})
afterAll(() => world[Symbol.asyncDispose]())

test('a job carries ids only, and neither the queue nor an announcement holds anything of input, output or errors', async () => {
  const announced: string[] = []
  const { unlisten } = await world.sql.listen('toygres_operations', (payload) => void announced.push(payload))
  const { operation } = await world.ended(await world.start(careless, { word: secret }))
  expect(operation.error?.message).toBe(secret)
  await unlisten()

  const jobs = await world.sql<{ data: Record<string, unknown>; output: unknown }[]>`
    select data, output from every_job`
  expect(jobs.length).toBeGreaterThan(4)
  for (const { data, output } of jobs) {
    expect(Object.keys(data).toSorted()).toEqual(['fence', 'operationId', 'step'])
    expect(data['operationId']).toBe(operation.id)
    expect(output).toBeNull()
  }
  const tables = await world.sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'pgboss'
    union all select 'every_job'`
  for (const { name } of tables) {
    const rows = await world.sql.unsafe(
      `select t::text as text from ${name} t where t::text like '%${secret}%'`,
    )
    expect(rows, name).toHaveLength(0)
  }
  expect(announced.length).toBeGreaterThan(0)
  expect(announced.filter((payload) => payload.includes(secret))).toEqual([])
  // That it would be seen: the engine's own rows do hold what the workflow gave it.
  expect(await world.sql`select from operations where input::text like ${`%${secret}%`}`).toHaveLength(1)
})
