import { connect, migrate } from '@toygres/control-plane'
import { Engine, newId, workflowsOn } from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import { z } from 'zod'
import { inPortions, type Contender } from './contender.ts'
import { body } from './step-body.ts'

const workflow = workflowsOn<object>()
const fourSteps = workflow('four-steps', { version: 1, input: z.object({ key: z.string() }) })
  .step('one', ({ input }) => body(input.key, 'one'))
  .step('two', ({ input }) => body(input.key, 'two'))
  .step('three', ({ input }) => body(input.key, 'three'))
  .step('four', ({ input }) => body(input.key, 'four'))

/** As the control plane sets it up, but for the places: steps that do nothing need no more than their turn has. */
export async function enter(databaseUrl: string): Promise<Contender> {
  await migrate(databaseUrl)
  const sql = connect(databaseUrl, { max: 8, applicationName: 'toygres bench' })
  const boss = new PgBoss({ connectionString: databaseUrl, max: 2, migrate: false, schedule: false })
  boss.on('error', () => {})
  await boss.start()
  const logger = { info() {}, warn() {}, error: console.error }
  const open = () =>
    new Engine({ sql, boss, workflows: [fourSteps], dependencies: {}, logger, concurrency: 200 })
  let engine = open()
  let working = false
  const start = (key: string) =>
    sql.begin<string>((tx) =>
      engine.start(tx, fourSteps, { resourceId: newId(), input: { key }, requestedBy: 'bench' }),
    )
  const rest = async () => {
    if (working) await engine.stop(10_000)
    working = false
  }
  return {
    async work() {
      engine = open()
      working = true
      await engine.run()
    },
    rest,
    async start(key) {
      const id = await start(key)
      return async () => {
        for await (const _ of engine.watch(id, { afterSeq: 0, signal: AbortSignal.timeout(60_000) }));
      }
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
