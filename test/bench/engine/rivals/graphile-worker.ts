import { Logger, makeWorkerUtils, run, type Runner, type TaskList } from 'graphile-worker'
import { fourSteps, inPortions, type Contender } from '../contenders/contender.ts'
import { body } from '../contenders/step-body.ts'

const quiet = new Logger(() => () => {})

/**
 * Four tasks, each of which adds the next. Jobs are fetched in portions, as in its own benchmark of the highest throughput;
 * to complete them in portions too, as that does, made these chains slower.
 */
export async function enter(connectionString: string): Promise<Contender> {
  const utils = await makeWorkerUtils({ connectionString, logger: quiet })
  await utils.migrate()
  const waiting = new Map<string, () => void>()
  const taskList: TaskList = Object.fromEntries(
    fourSteps.map((step, index) => [
      step,
      async (payload, { addJob }) => {
        const { key } = payload as { key: string }
        await body(key, step)
        const next = fourSteps[index + 1]
        if (next !== undefined) await addJob(next, { key })
        else waiting.get(key)?.()
      },
    ]),
  )
  const worker = { concurrentJobs: 50, maxPoolSize: 10, localQueue: { size: 200 } }
  let runner: Runner | undefined
  const rest = async () => {
    await runner?.stop()
    runner = undefined
  }
  return {
    async work() {
      runner = await run({
        connectionString,
        taskList,
        preset: { worker },
        logger: quiet,
        noHandleSignals: true,
      })
      runner.promise.catch(() => {})
    },
    rest,
    async start(key) {
      const result = Promise.withResolvers<void>()
      waiting.set(key, result.resolve)
      await utils.addJob('one', { key })
      return () => result.promise.finally(() => waiting.delete(key))
    },
    queue: (keys) =>
      inPortions(keys, 500, (portion) =>
        utils.addJobs(portion.map((key) => ({ identifier: 'one', payload: { key } }))),
      ),
    unended: 'select count(*)::integer as n from graphile_worker.jobs',
    async close() {
      await rest()
      await utils.release()
    },
  }
}
