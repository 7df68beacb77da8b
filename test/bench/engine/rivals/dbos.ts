import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk'
import { fourSteps, inPortions, type Contender } from '../contenders/contender.ts'
import { body } from '../contenders/step-body.ts'

const four = DBOS.registerWorkflow(
  async (key: string) => {
    for (const name of fourSteps) await DBOS.runStep(() => body(key, name), { name })
  },
  { name: 'four' },
)

/**
 * Started directly, in the caller's process: its fastest way by far, though nobody takes such an operation up before that
 * process is back. What is queued is polled for; 10 ms is as often as its dispatcher can use.
 */
export async function enter(systemDatabaseUrl: string): Promise<Contender> {
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl,
    systemDatabasePoolSize: 20,
    logLevel: 'error',
    executorID: String(process.pid),
  })
  let launched = false
  const rest = async () => {
    if (launched) await DBOS.shutdown()
    launched = false
  }
  // Sets up the database.
  await DBOS.launch()
  launched = true
  await rest()
  return {
    async work() {
      await DBOS.launch()
      launched = true
      await DBOS.registerQueue('bench', { workerConcurrency: 50, minPollingIntervalMs: 10 })
    },
    rest,
    async start(key) {
      const handle = await DBOS.startWorkflow(four)(key)
      return () => handle.getResult()
    },
    async queue(keys) {
      const client = await DBOSClient.create({ systemDatabaseUrl })
      await inPortions(keys, 100, (portion) =>
        Promise.all(portion.map((key) => client.enqueue({ workflowName: 'four', queueName: 'bench' }, key))),
      )
      await client.destroy()
    },
    unended: `select count(*)::integer as n from dbos.workflow_status where status in ('ENQUEUED', 'PENDING')`,
    close: rest,
  }
}
