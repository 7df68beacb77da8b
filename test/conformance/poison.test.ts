import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { died, kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { gated, poison, straight, waiting } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

const neighbourGoesOn = async () =>
  expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')

test('a step that kills its worker each time is parked with a reason, its neighbours go on, and a retry releases it', async () => {
  const id = await world.start(poison, {})
  const isParked = async () => (await world.engine.get(id))?.state === 'parked'
  let deaths = 0
  for (; !(await isParked()); deaths++) {
    const worker = await startWorkerProcess(world.database.url)
    await Promise.race([died(worker), world.reached(id, 'parked').catch(() => {})])
    await kill(worker)
    await world.lapse()
  }
  expect(deaths - 1).toBe(await deathsIn(id))
  const worker = await startWorkerProcess(world.database.url)
  try {
    expect((await world.engine.get(id))?.error).toMatchObject({
      code: 'POISONOUS',
      step: 'die',
      message: 'its worker died 5 times in step die',
    })
    await neighbourGoesOn()
    await world.tell('mended', id)
    expect(await world.retry(id)).toBe('running')
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('succeeded')
  } finally {
    await kill(worker)
  }
})

test('what runs beside a step that kills its worker is lost with it twice at most: then each suspect runs by itself', async () => {
  const culprit = await world.start(poison, {})
  const beside = await Promise.all(Array.from({ length: 4 }, () => world.start(gated, { gate: 'parted' })))
  const executions = async (id: string) => (await world.did(id)).filter((what) => what === 'hold').length
  const lostTwice = async () => Math.max(...(await Promise.all(beside.map(executions)))) > 2
  const isParked = async () => (await world.engine.get(culprit))?.state === 'parked'
  const over = async () => {
    const all = await Promise.all([culprit, ...beside].map((id) => world.engine.get(id)))
    return all.every((operation) => operation && (operation.state === 'parked' || operation.endedAt !== null))
  }
  let lives = 0
  for (let parted = false; !(await over());) {
    expect(++lives).toBeLessThan(10)
    const worker = await startWorkerProcess(world.database.url)
    let dead = false
    void died(worker).then(() => (dead = true))
    await expect
      .poll(async () => {
        if (!parted && ((await lostTwice()) || (await isParked()))) {
          parted = true
          await world.tell('parted')
        }
        return dead || (await over())
      })
      .toBe(true)
    await kill(worker)
    await world.lapse()
  }
  expect(await isParked()).toBe(true)
  expect(await deathsIn(culprit)).toBe(5)
  for (const id of beside) {
    expectSound(await world.ended(id))
    expect((await world.engine.get(id))?.state).toBe('succeeded')
    expect(await executions(id)).toBeLessThanOrEqual(3)
  }
})

const deathsIn = async (id: string) => (await world.did(id)).filter((what) => what === 'die').length

describe('with a worker that lives', () => {
  let close: () => Promise<void>
  beforeAll(async () => {
    const worker = await openEngine(world.database.url)
    await worker.engine.run()
    close = worker.close
  })
  afterAll(() => close())

  test('an input that cannot be read parks its operation, which goes on once it can', async () => {
    const id = await startedAs(`input = '{"polls": "many"}'`)
    expect((await world.reached(id, 'parked')).error).toMatchObject({
      step: 'reserve',
      message: expect.stringContaining('input cannot be read by straight version 1'),
    })
    await neighbourGoesOn()
    await world.sql`update operations set input = '{"polls": 0}' where id = ${id}`
    await world.retry(id)
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('succeeded')
  })

  test('a step that nobody knows parks its operation, with the reason', async () => {
    const id = await startedAs(`step = 'fly'`)
    const { error } = await world.reached(id, 'parked')
    expect(error).toMatchObject({ step: 'fly', message: expect.stringContaining('fly') })
    await neighbourGoesOn()
    await world.sql`update operations set step = 'reserve' where id = ${id}`
    await world.retry(id)
    expect((await world.ended(id)).operation.state).toBe('succeeded')
  })

  test('a job that cannot be read ends no worker, and its operation gets another', async () => {
    const garbage = ['{}', '"operation"', 'null', '[]', '{"operationId": "x", "step": 1, "fence": "y"}']
    const ids = await Promise.all(garbage.map((data) => startedAs('updated_at = now()', `data = '${data}'`)))
    const unreadable = async () =>
      (
        await world.sql`select from pgboss.job j join operations o on o.job_id = j.id
        where o.id in ${world.sql(ids)} and j.state = 'completed'`
      ).length
    await expect.poll(unreadable).toBe(garbage.length)
    await neighbourGoesOn()
    // Sent again by whoever looks for operations without a job: at once when it starts, and every 30 s.
    const another = await openEngine(world.database.url)
    await another.engine.run()
    for (const id of ids) {
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation.state).toBe('succeeded')
    }
    await another.close()
  })

  test('a job of an operation that is gone, or of another time, ends and does nothing', async () => {
    const id = await world.start(waiting, { after: 50_000, until: null })
    await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')
    const before = await world.engine.get(id)
    const strays = [newId(), newId()]
    for (const [index, stray] of strays.entries())
      await world.sql`insert into pgboss.job (id, name, data, policy, singleton_key)
        select ${stray}, name, ${world.sql.json({ operationId: index === 0 ? newId() : id, step: 'wait', fence: 0 })}, policy, ${stray}
        from pgboss.job where singleton_key = ${id} limit 1`
    await world.announceWork()
    await expect
      .poll(() => world.sql`select from pgboss.job where id in ${world.sql(strays)} and state = 'completed'`)
      .toHaveLength(2)
    expect(await world.engine.get(id)).toEqual(before)
    await world.cancel(id)
    await world.ended(id)
  })

  test('a job that was dropped from the queue by hand is sent again', async () => {
    const id = await world.start(waiting, { after: 50_000, until: 'after the drop' })
    await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')
    await world.sql`delete from pgboss.job where singleton_key = ${id} and state < 'completed'`
    await world.tell('after the drop')
    const another = await openEngine(world.database.url)
    await another.engine.run()
    expect((await world.ended(id)).operation.state).toBe('succeeded')
    await another.close()
  })
})

/** Started, and damaged before anybody can see it. */
async function startedAs(operation: string, job = 'priority = priority'): Promise<string> {
  return world.sql.begin(async (tx) => {
    const options = { resourceId: newId(), input: { polls: 0 }, requestedBy: 'test' }
    const id = await world.engine.start(tx, straight, options)
    await tx.unsafe(`update operations set ${operation} where id = '${id}'`)
    await tx.unsafe(`update pgboss.job set ${job} where singleton_key = '${id}'`)
    return id
  })
}
