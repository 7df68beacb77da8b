import { connect } from '@toygres/control-plane'
import { newId, type CrashPoint } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { startLossyProxy } from './lossy-proxy.ts'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { endless, staged, straight } from './workflows.ts'
import { createWorld } from './world.ts'

const steps = ['one', 'two', 'three', 'four']

test('a worker that was paused past its lease records nothing when it comes back: no result, no lease, no end', async () => {
  await using world = await createWorld({ work: false })
  const zombie = await startWorkerProcess(world.database.url)
  const peer = await startWorkerProcess(world.database.url)
  try {
    const resourceId = newId()
    const id = await world.start(staged, { gates: 'go' }, resourceId)
    await world.saw(id, 'one')
    const [owner] = await world.sql<{ pid: number; id: string }[]>`
      select w.pid, w.id from workers w join operations o on o.owner = w.id where o.id = ${id}`
    const [paused, other] = owner?.pid === zombie.pid ? [zombie, peer] : [peer, zombie]
    paused.kill('SIGSTOP')
    // From its lapsed lease alone the other one takes over, and ends it.
    await expect.poll(() => world.did(id)).toEqual(['one', 'one'])
    for (const step of steps) await world.tell(`go ${step}`)
    const before = await world.ended(id)
    expectSound(before)
    const rows = () => world.sql`select * from operation_steps where operation_id = ${id} order by position`
    const stepsBefore = await rows()

    // It comes back with a result in its hands, and has to begin anew as another worker.
    await kill(other)
    paused.kill('SIGCONT')
    const next = await world.ended(await world.start(straight, { polls: 0 }))
    expect(next.operation.state).toBe('succeeded')
    expect(await world.ended(id)).toEqual(before)
    expect(await rows()).toEqual(stepsBefore)
    expect(await world.did(id)).toEqual(['one', ...steps])
    const living = await world.sql<{ id: string }[]>`select id from workers where pid = ${paused.pid ?? 0}`
    expect(living.map((worker) => worker.id)).not.toContain(owner?.id)
  } finally {
    await Promise.all([kill(zombie), kill(peer)])
  }
})

test('a worker whose operations are being taken, some of them so far, lets go of all of them', async () => {
  await using world = await createWorld({ work: false })
  const worker = await openEngine(world.database.url)
  await worker.engine.run()
  const id = await world.start(endless, {})
  await world.saw(id, 'run')
  const living = async () => (await world.sql<{ id: string }[]>`select id from workers`).map((one) => one.id)
  const before = await living()
  // As a peer leaves it that has taken as many as fit into one transaction.
  await world.sql`update workers set lease_until = '-infinity'`
  await expect.poll(() => world.did(id)).toEqual(['run', 'run'])
  // Each of its workers as somebody else.
  await expect.poll(async () => (await living()).filter((one) => before.includes(one))).toEqual([])
  await expect.poll(living).toHaveLength(before.length)
  await world.cancel(id)
  expect((await world.ended(id)).operation.state).toBe('cancelled')
  await worker.close()
})

test.for<CrashPoint>(['turn.began', 'turn.recorded', 'turn.claimed', 'turn.committed'])(
  'a worker that was paused in the middle of a turn, at %s, keeps nothing locked for long, and none of it counts twice',
  async (stopAt) => {
    await using world = await createWorld({ work: false })
    const ids = await Promise.all(Array.from({ length: 5 }, () => world.start(straight, { polls: 0 })))
    const zombie = await startWorkerProcess(world.database.url, { stopAt, skip: 1 })
    const peer = await startWorkerProcess(world.database.url)
    try {
      for (const id of ids) {
        const history = await world.ended(id)
        expectSound(history)
        expect(history.operation.state).toBe('succeeded')
      }
      zombie.kill('SIGCONT')
      await kill(peer)
      const next = await world.ended(await world.start(straight, { polls: 0 }))
      expect(next.operation.state).toBe('succeeded')
      for (const id of ids) {
        const did = await world.did(id)
        expect(did.filter((what) => what === 'reserve' || what === 'finish')).toEqual(['reserve', 'finish'])
      }
    } finally {
      zombie.kill('SIGCONT')
      await Promise.all([kill(zombie), kill(peer)])
    }
  },
)

test('a worker that was paused in the middle of a turn, with nobody beside it, goes on although the server ended its transaction', async () => {
  await using world = await createWorld({ work: false })
  const ids = await Promise.all(Array.from({ length: 5 }, () => world.start(straight, { polls: 0 })))
  const alone = await startWorkerProcess(world.database.url, { stopAt: 'turn.recorded', skip: 1 })
  const left = () => world.sql`
    select from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`
  try {
    expect(await left()).not.toEqual([])
    await expect.poll(left).toEqual([])
    alone.kill('SIGCONT')
    for (const id of ids) {
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation.state).toBe('succeeded')
      const did = await world.did(id)
      expect(did.filter((what) => what === 'reserve' || what === 'finish')).toEqual(['reserve', 'finish'])
    }
  } finally {
    await kill(alone)
  }
})

test('a session that was stopped between the messages of a statement is ended with what it had locked; one that works, rests or is of another program is not', async () => {
  await using world = await createWorld({ work: false })
  const { url } = world.database
  await using ours = await startLossyProxy(url)
  await using others = await startLossyProxy(url)
  await using cleanup = new AsyncDisposableStack()
  const open = async (through: string, applicationName: string) => {
    const session = connect(through, { max: 1, applicationName })
    cleanup.defer(() => session.end({ timeout: 0 }))
    await session`begin`
    await session`set local statement_timeout = 0`
    await session`set local idle_in_transaction_session_timeout = 0`
    const [row] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`
    return { session, pid: row?.pid ?? 0 }
  }
  const stall = async ({ session, pid }: Awaited<ReturnType<typeof open>>, proxy: typeof ours) => {
    proxy.stallNext()
    session`select 'half of this'`.catch(() => {})
    await expect
      .poll(() => world.sql`select state, wait_event from pg_stat_activity where pid = ${pid}`)
      .toEqual([{ state: 'active', wait_event: 'ClientRead' }])
  }
  const [holder, works, rests] = [
    await open(url, 'conformance holder'),
    await open(url, 'conformance works'),
    await open(url, 'conformance rests'),
  ]
  await holder.session`select pg_advisory_xact_lock(1)`
  works.session`select pg_advisory_xact_lock(1)`.catch(() => {})
  const foreign = await open(others.url, 'another program')
  await stall(foreign, others)
  const id = await world.start(straight, { polls: 0 })
  const stalled = await open(ours.url, 'conformance stalled')
  await stalled.session`select from operations where id = ${id} for update`
  await stall(stalled, ours)
  // The others have been as they are for longer than the one that is in the way.
  const worker = await openEngine(url)
  await worker.run()
  expect((await world.ended(id)).operation.state).toBe('succeeded')
  const pids = [holder, works, rests, foreign, stalled].map(({ pid }) => pid)
  const alive = await world.sql<
    { pid: number }[]
  >`select pid from pg_stat_activity where pid in ${world.sql(pids)}`
  expect(new Set(alive.map(({ pid }) => pid))).toEqual(new Set(pids.slice(0, 4)))
  await worker.close()
})
