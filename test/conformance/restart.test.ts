import { migrate } from '@toygres/control-plane'
import { expect, test } from 'vitest'
import { restartableServer } from '../harness/postgres/index.ts'
import { newId } from '@toygres/workflow'
import { died, kill, startWorkerProcess } from './worker-process.ts'
import { createWitness, straight } from './workflows.ts'
import { openEngine } from './world.ts'

test('through restarts of PostgreSQL no operation is lost, none ends twice, and no worker dies', async () => {
  await using server = await restartableServer()
  await migrate(server.url)
  const { sql, engine, close } = await openEngine(server.url)
  await createWitness(sql)
  const worker = await startWorkerProcess(server.url)
  const death = died(worker).then(() => 'dead')
  try {
    const ids: string[] = []
    const start = async () => {
      const id = newId()
      await sql.begin((tx) =>
        engine.start(tx, straight, { resourceId: id, input: { polls: 2 }, requestedBy: 'test' }),
      )
      ids.push(id)
    }
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20; i++) await start()
      await server.stop()
      await server.start()
      await expect
        .poll(
          () =>
            start().then(
              () => 'started',
              () => 'away',
            ),
          { timeout: 20_000 },
        )
        .toBe('started')
    }
    await expect
      .poll(() => sql`select from operations where ended_at is null`.catch(() => [null]), { timeout: 30_000 })
      .toHaveLength(0)
    const outcomes = await sql`
      select o.state, (select count(*)::integer from witness w where w.operation_id = o.id and w.what = 'finish') as finishes
      from operations o where o.resource_id in ${sql(ids)}`
    expect(outcomes).toHaveLength(ids.length)
    for (const outcome of outcomes) expect(outcome).toEqual({ state: 'succeeded', finishes: 1 })
    expect(await Promise.race([death, Promise.resolve('alive')])).toBe('alive')
  } finally {
    await kill(worker)
    await close()
  }
}, 120_000)
