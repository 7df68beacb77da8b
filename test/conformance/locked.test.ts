import { connect } from '@toygres/control-plane'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { kill } from '../harness/killable-process.ts'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { startWorkerProcess } from './worker-process.ts'
import { endless, gated, straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

/** Somebody with a terminal who locks these operations and goes to lunch: it is nobody's session but theirs, so nothing ends it. */
async function lock(world: World, ids: readonly string[]) {
  const person = connect(world.database.url, { max: 1, applicationName: 'a person' })
  await person`set idle_in_transaction_session_timeout = 0`
  await person`begin`
  await person`select from operations where id in ${person(ids)} for update`
  return {
    async [Symbol.asyncDispose]() {
      await person`rollback`
      await person.end()
    },
  }
}

const startTogether = (world: World, n: number, gate: string) =>
  world.sql.begin(async (tx) => {
    const ids: string[] = []
    for (let i = 0; i < n; i++)
      ids.push(
        await world.engine.start(tx, gated, { resourceId: newId(), input: { gate }, requestedBy: 'test' }),
      )
    return ids
  })

async function expectSuccess(world: World, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('succeeded')
  }
}

test('an operation that somebody has locked before it began keeps nobody behind it, and runs when it is free', async () => {
  await using world = await createWorld({ work: false })
  const first = await world.start(straight, { polls: 0 })
  // One place, and the job of the one that is locked is the first to be fetched. Nobody polls: its worker knows when to look again.
  const worker = await openEngine(world.database.url, { concurrency: 1, polls: false })
  {
    await using _ = await lock(world, [first])
    await worker.run()
    await expectSuccess(world, [await world.start(straight, { polls: 1 })])
    expect(await world.did(first)).toEqual([])
  }
  await expectSuccess(world, [first])
  expect(await world.did(first)).toEqual(['reserve', 'deploy', 'finish'])
  await worker.close()
})

test('what a dead worker had is taken over but for what somebody has locked, and that when it is free', async () => {
  await using world = await createWorld({ work: false })
  const owner = await startWorkerProcess(world.database.url)
  const ids = await startTogether(world, 4, 'taken')
  for (const id of ids) await world.saw(id, 'hold')
  const peer = await openEngine(world.database.url)
  const [locked = '', ...others] = ids
  {
    await using _ = await lock(world, [locked])
    await peer.run()
    await kill(owner)
    await world.lapse(owner.pid)
    await world.tell('taken')
    await expectSuccess(world, others)
    expect(await world.did(locked)).toEqual(['hold'])
  }
  await expectSuccess(world, [locked])
  expect(await world.did(locked)).toEqual(['hold', 'hold'])
  await peer.close()
})

test('an engine that stops hands back what is not locked, and a peer takes the rest when it is free', async () => {
  await using world = await createWorld({ work: false })
  const leaving = await openEngine(world.database.url)
  await leaving.run()
  const ids = [await world.start(endless, {}), await world.start(endless, {})]
  for (const id of ids) await world.saw(id, 'run')
  const [locked = '', other = ''] = ids
  const peer = await openEngine(world.database.url)
  {
    await using _ = await lock(world, [locked])
    await leaving.engine.stop(0)
    await peer.run()
    await expect.poll(() => world.did(other)).toEqual(['run', 'run'])
    expect(await world.did(locked)).toEqual(['run'])
  }
  // It is nobody's, which is looked for when a process starts, and every 30 s.
  const another = await openEngine(world.database.url)
  await another.run()
  await expect.poll(() => world.did(locked)).toEqual(['run', 'run'])
  // Nobody died.
  for (const id of ids) expect((await world.engine.get(id))?.steps[0]?.attempt).toBe(1)
  expect(await world.sql`select from operation_events where code = 'TAKEN_OVER'`).toEqual([])
  expect(await world.sql`select from operation_steps where crashes > 0`).toEqual([])
  for (const id of ids) {
    await world.cancel(id)
    expect((await world.ended(id)).operation.state).toBe('cancelled')
  }
  await another.close()
  await peer.close()
  await leaving.sql.end()
})

test('a job that is put back because its operation is locked is there for whoever replaces it', async () => {
  await using world = await createWorld({ work: false })
  const id = await world.start(straight, { polls: 0 })
  const replaced = Promise.withResolvers<void>()
  const putBack = Promise.withResolvers<void>()
  // A turn that has fetched the job stays open until somebody who has the operation locked wants to delete it.
  const worker = await openEngine(world.database.url, {
    concurrency: 1,
    async reach(point) {
      if (point === 'turn.claimed') putBack.resolve()
      if (point === 'turn.claimed') await replaced.promise
    },
  })
  const person = connect(world.database.url, { max: 1, applicationName: 'a person' })
  await person`begin`
  await person`select from operations where id = ${id} for update`
  await worker.run()
  await putBack.promise
  const next = newId()
  await person`update operations set fence = fence + 1, job_id = ${next} where id = ${id}`
  const [{ pid } = { pid: 0 }] = await person<{ pid: number }[]>`select pg_backend_pid() as pid`
  const deleted = person`delete from pgboss.job where singleton_key = ${id} returning id`.execute()
  await expect
    .poll(() => world.sql`select wait_event_type from pg_stat_activity where pid = ${pid}`)
    .toEqual([{ wait_event_type: 'Lock' }])
  replaced.resolve()
  expect(await deleted).toHaveLength(1)
  await person`commit`
  await person.end()
  // Without a job now, as the one who replaced it would have sent another.
  const another = await openEngine(world.database.url)
  await another.run()
  await expectSuccess(world, [id])
  await another.close()
  await worker.close()
})
