import pg from 'pg'
import { WorkflowEngine, workflow } from 'pg-workflows'
import { inPortions, type Contender } from '../contenders/contender.ts'
import { body } from '../contenders/step-body.ts'
import { untilNone } from './until-none.ts'

// It reads the names of steps from the function's source text: in a loop, the run would never be seen to end.
const four = workflow('four', async ({ input, step }) => {
  const { key } = input as { key: string }
  await step.run('one', () => body(key, 'one'))
  await step.run('two', () => body(key, 'two'))
  await step.run('three', () => body(key, 'three'))
  await step.run('four', () => body(key, 'four'))
})

// Of its pg-boss queue. Each fetches twice a second, which cannot be set; many of them with a run each were faster than
// fewer with larger batches.
process.env['WORKFLOW_RUN_WORKERS'] = '50'

export async function enter(connectionString: string): Promise<Contender> {
  const pool = new pg.Pool({ connectionString, max: 1 })
  pool.on('error', () => {})
  const open = async (work: boolean) => {
    const logger = { log() {}, error() {} }
    const opened = new WorkflowEngine({ connectionString, workflows: [four], logger })
    await opened.start(work)
    return opened
  }
  let engine = await open(false)
  const reopen = async (work: boolean) => {
    await engine.stop()
    engine = await open(work)
  }
  const start = (key: string) => engine.startWorkflow({ workflowId: 'four', input: { key } })
  return {
    work: () => reopen(true),
    rest: () => reopen(false),
    async start(key) {
      const { id } = await start(key)
      const ask = `select from workflow_runs where id = $1 and status in ('pending', 'running')`
      return () => untilNone(async () => (await pool.query(ask, [id])).rows)
    },
    queue: (keys) => inPortions(keys, 100, (portion) => Promise.all(portion.map(start))),
    unended: `select count(*)::integer as n from workflow_runs where status in ('pending', 'running')`,
    async close() {
      await engine.stop()
      await pool.end()
    },
  }
}
