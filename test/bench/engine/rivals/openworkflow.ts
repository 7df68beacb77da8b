import { OpenWorkflow } from 'openworkflow'
import { BackendPostgres } from 'openworkflow/postgres'
import pg from 'pg'
import { fourSteps, inPortions, type Contender } from '../contenders/contender.ts'
import { body } from '../contenders/step-body.ts'
import { untilNone } from './until-none.ts'

/** Its own `result()` looks once a second, so the database is asked instead. How often its workers poll cannot be set. */
export async function enter(databaseUrl: string): Promise<Contender> {
  const backend = await BackendPostgres.connect(databaseUrl)
  const ow = new OpenWorkflow({ backend })
  const four = ow.defineWorkflow<{ key: string }, null>({ name: 'four' }, async ({ input, step }) => {
    for (const name of fourSteps) await step.run({ name }, () => body(input.key, name))
    return null
  })
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  pool.on('error', () => {})
  let worker: ReturnType<typeof ow.newWorker> | undefined
  const rest = async () => {
    await worker?.stop()
    worker = undefined
  }
  return {
    async work() {
      worker = ow.newWorker({ concurrency: 50 })
      await worker.start()
    },
    rest,
    async start(key) {
      const { workflowRun } = await four.run({ key })
      return () =>
        untilNone(async () => {
          const ask = `select from openworkflow.workflow_runs where id = $1 and status in ('pending', 'running', 'sleeping')`
          return (await pool.query(ask, [workflowRun.id])).rows
        })
    },
    queue: (keys) => inPortions(keys, 100, (portion) => Promise.all(portion.map((key) => four.run({ key })))),
    unended: `select count(*)::integer as n from openworkflow.workflow_runs where status in ('pending', 'running', 'sleeping')`,
    async close() {
      await rest()
      await backend.stop()
      await pool.end()
    },
  }
}
