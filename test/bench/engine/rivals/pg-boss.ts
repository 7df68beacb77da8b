import { PgBoss, type Job } from 'pg-boss'
import { fourSteps, inPortions, type Contender } from '../contenders/contender.ts'
import { body } from '../contenders/step-body.ts'

/**
 * Four queues with a worker each that inserts into the next. LISTEN and NOTIFY, and a worker that has had something looks
 * again at once: without that it would wait for its poll after each batch.
 */
export async function enter(databaseUrl: string): Promise<Contender> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 8, schedule: false, useListenNotify: true })
  boss.on('error', () => {})
  await boss.start()
  for (const queue of fourSteps) await boss.createQueue(queue, { notify: true })
  const waiting = new Map<string, () => void>()

  async function workOn(queue: string, next: string | undefined): Promise<void> {
    const options = {
      batchSize: 200,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
    }
    const worker: string = await boss.work(queue, options, async (jobs: Job<{ key: string }>[]) => {
      await Promise.all(jobs.map(({ data }) => body(data.key, queue)))
      if (next !== undefined)
        await boss.insert(
          next,
          jobs.map(({ data }) => ({ data })),
        )
      else for (const { data } of jobs) waiting.get(data.key)?.()
      boss.notifyWorker(worker)
    })
  }
  return {
    async work() {
      for (const [index, queue] of fourSteps.entries()) await workOn(queue, fourSteps[index + 1])
    },
    async rest() {
      for (const queue of fourSteps) await boss.offWork(queue)
    },
    async start(key) {
      const result = Promise.withResolvers<void>()
      waiting.set(key, result.resolve)
      await boss.send('one', { key })
      return () => result.promise.finally(() => waiting.delete(key))
    },
    queue: (keys) =>
      inPortions(keys, 500, (portion) =>
        boss.insert(
          'one',
          portion.map((key) => ({ data: { key } })),
        ),
      ),
    unended: `select count(*)::integer as n from pgboss.job where state < 'completed' and name in ('one', 'two', 'three', 'four')`,
    close: () => boss.stop({ graceful: false }),
  }
}
