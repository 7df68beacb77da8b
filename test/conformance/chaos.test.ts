import { migrate } from '@toygres/control-plane'
import { runServer, stopServer } from '@toygres/local-postgres'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guard } from '../harness/postgres/guarded.ts'
import { newId } from '@toygres/workflow'
import { died, kill, startWorkerProcess } from './worker-process.ts'
import { createWitness, straight } from './workflows.ts'
import { openEngine } from './world.ts'

const password = 'of-a-server-that-lives-for-a-test'

/** A server of its own, since the others share one. */
async function startServer() {
  const home = await mkdtemp(join(tmpdir(), 'toygres-restart-'))
  const directory = join(home, 'server')
  const guarded = await guard({ home, dataDirectory: join(directory, 'data') })
  const run = (port?: number) =>
    runServer({ home, directory, major: '18', password, ...(port !== undefined && { port }) })
  const { port, dataDirectory } = await run()
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async restart() {
      await stopServer(dataDirectory, { mode: 'immediate' })
      await run(port)
    },
    [Symbol.asyncDispose]: guarded.release,
  }
}

test('through restarts of PostgreSQL no operation is lost, none ends twice, and no worker dies', async () => {
  await using server = await startServer()
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
      await server.restart()
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
