import { connect, migrate } from '@toygres/control-plane'
import { createStepQueue, newId, stepQueue } from '@toygres/workflow'
import { PgBoss, type Db } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { fourSteps, inPortions, type Contender } from './contender.ts'
import { body } from './step-body.ts'

/**
 * The floor: one loop that writes the rows that Toygres writes, in the order that it does, and knows nothing of leases,
 * cancellations, retries, undo, wake-ups or peers. What Toygres takes beyond this is the price of being an engine.
 */
export async function enter(databaseUrl: string): Promise<Contender> {
  await migrate(databaseUrl)
  const sql = connect(databaseUrl, { max: 8, applicationName: 'bare loop' })
  const boss = new PgBoss({ connectionString: databaseUrl, max: 2, migrate: false, schedule: false })
  boss.on('error', () => {})
  await boss.start()
  await createStepQueue(boss)

  const waiting = new Map<string, () => void>()
  const state = { working: false }
  let loop = Promise.resolve()
  let wake = () => {}
  let awake = false
  const poke = () => {
    awake = true
    wake()
  }

  async function start(key: string): Promise<string> {
    const [id, jobId] = [newId(), newId()]
    await sql.begin(async (tx) => {
      await tx`with started as (
          insert into operations (id, workflow, version, resource_id, input, steps, step, job_id, requested_by, last_seq, fence)
          values (${id}, 'four-steps', 1, ${newId()}, ${tx.json({ key })}, ${[...fourSteps]}, 'one', ${jobId}, 'bench', 1, 1) returning id)
        insert into operation_events (operation_id, seq, operation_state, state) select id, 1, 'queued', 'queued' from started`
      await insert(tx, [{ id: jobId, operationId: id, step: 'one', key }])
    })
    poke()
    return id
  }

  const insert = (tx: TransactionSql, jobs: readonly LoopJob[]) =>
    boss.insert(
      stepQueue,
      jobs.map(({ id, ...data }) => ({ id, data, singletonKey: data.operationId })),
      { db: inside(tx) },
    )

  // Nothing waits for the statement before it: one round trip. A next job that came before its predecessor's completion
  // would be refused by the queue, and its operation never end.
  async function turn(ended: readonly LoopJob[], free: number): Promise<LoopJob[]> {
    const on = ended.map((job) => ({
      ...job,
      nextId: newId(),
      next: fourSteps[fourSteps.indexOf(job.step) + 1],
    }))
    const done = on.map(({ id }) => ({ id, retryCount: 0 }))
    const going = on.flatMap(({ operationId, key, nextId, next }) =>
      next ? [{ id: nextId, operationId, key, step: next }] : [],
    )
    return sql.begin(async (tx) => {
      const db = inside(tx)
      const recorded =
        on.length > 0 ? [write(tx, on), boss.complete(stepQueue, done, null, { db }), insert(tx, going)] : []
      const fetched = free > 0 ? boss.fetch<Omit<LoopJob, 'id'>>(stepQueue, { batchSize: free, db }) : []
      await Promise.all(recorded)
      return (await fetched).map(({ id, data }) => ({ ...data, id }))
    })
  }

  async function run(): Promise<void> {
    let ended: LoopJob[] = []
    while (state.working || ended.length > 0) {
      if (!awake && ended.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      awake = false
      const recorded = ended
      const fetched = await turn(recorded, state.working ? 200 : 0)
      for (const { step, operationId } of recorded) if (step === 'four') waiting.get(operationId)?.()
      await Promise.all(fetched.map(({ key, step }) => body(key, step)))
      ended = fetched
    }
  }

  const rest = async () => {
    state.working = false
    poke()
    await loop
  }
  return {
    async work() {
      state.working = true
      poke()
      loop = run()
    },
    rest,
    async start(key) {
      const result = Promise.withResolvers<void>()
      const id = await start(key)
      waiting.set(id, result.resolve)
      return () => result.promise.finally(() => waiting.delete(id))
    },
    queue: (keys) => inPortions(keys, 200, (portion) => Promise.all(portion.map(start))),
    unended: 'select count(*)::integer as n from operations where ended_at is null',
    async close() {
      await rest()
      await boss.stop({ graceful: false })
      await sql.end({ timeout: 1 })
    },
  }
}

interface LoopJob {
  readonly id: string
  readonly operationId: string
  readonly key: string
  readonly step: (typeof fourSteps)[number]
}

const inside = (tx: TransactionSql): Db => ({
  executeSql: async (text, values) => ({
    rows: [...(await tx.unsafe(text, (values ?? []) as string[], { prepare: true }))],
  }),
})

/** The operation's row behind its fence, the step's row and the events. */
async function write(
  tx: TransactionSql,
  ended: readonly (LoopJob & { readonly nextId: string; readonly next: string | undefined })[],
): Promise<void> {
  const rows = ended.map(({ operationId, step, nextId, next }) => ({
    id: operationId,
    step,
    position: fourSteps.indexOf(step),
    next: next ?? step,
    ended: next === undefined,
    job_id: next ? nextId : null,
  }))
  await tx`with t as (
      select * from jsonb_to_recordset(${tx.json(rows)}) as t (id uuid, step text, position smallint, next text, ended boolean, job_id uuid)
    ), moved as (
      update operations o set state = case when t.ended then 'succeeded' else 'running' end::operation_state, step = t.next, job_id = t.job_id,
        started_at = coalesce(o.started_at, now()), ended_at = case when t.ended then now() end,
        last_seq = o.last_seq + case when t.ended then 2 else 1 end, updated_at = now()
      from t where o.id = t.id and o.fence = 1 returning o.id, o.last_seq, t.step, t.position, t.ended
    ), stepped as (
      insert into operation_steps (operation_id, position, step, state, attempt, output, ended_at)
      select id, position, step, 'succeeded'::step_state, 1, '1'::jsonb, now() from moved
    )
    insert into operation_events (operation_id, seq, operation_state, step, state)
    select id, last_seq - ended::integer, 'running'::operation_state, step, 'succeeded' from moved
    union all select id, last_seq, 'succeeded'::operation_state, null, 'succeeded' from moved where ended`
}
