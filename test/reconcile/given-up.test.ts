import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, gate, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { driftOf, isIdle, killServer, operationsOf, passNow } from './looking.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

type Kind = 'server-down' | 'spec-changed'

/** Ten repairs of the last hour, as they would stand there. */
async function repairedTenTimes(id: string, repairs: Kind, { sql }: Domain = domain): Promise<void> {
  const rows = Array.from({ length: 10 }, () => ({ id: newId() }))
  await sql`
    insert into operations (id, workflow, version, resource_id, project_id, state, input, steps, step, requested_by, started_at, ended_at)
    select r.id, 'start-instance', 1, i.id, i.project_id, 'succeeded', jsonb_build_object('repairs', ${repairs}::text), '{start}',
      'start', 'system', now(), now()
    from instances i, jsonb_to_recordset(${sql.json(rows)}) as r (id uuid) where i.id = ${id}`
}

const anHourPasses = () =>
  domain.sql`update operations set created_at = created_at - interval '1 hour' where requested_by = 'system'`

const configurationOf = (id: string, { home }: Domain = domain) =>
  `${home}/instances/${id}/data/postgresql.conf`
const reasonOf = async (id: string, { plane }: Domain = domain) =>
  (await plane.instances.get(alice, id)).stateReason

/** How each kind comes about. */
const happens: Readonly<Record<Kind, (id: string, on?: Domain) => Promise<void>>> = {
  'server-down': (id, on = domain) => killServer(on, id),
  'spec-changed': async (id, on = domain) => {
    await appendFile(configurationOf(id, on), "work_mem = '1MB'\n")
    await passNow(on)
  },
}

test('a server that is killed again and again is started at once, then after one second, then after two', async () => {
  const id = await domain.created('mortal')
  for (const times of [1, 2, 3]) {
    await killServer(domain, id)
    await until(async () => {
      const found = await driftOf(domain, id)
      return found.length === times && found.every(({ resolvedAt }) => resolvedAt !== null)
    })
    await isIdle(domain, id)
  }
  const waited = await domain.sql<{ seconds: number }[]>`
    select floor(extract(epoch from o.created_at - d.detected_at))::integer as seconds
    from drift d join operations o on o.id = d.operation_id where d.instance_id = ${id} order by d.id`
  expect(waited).toHaveLength(3)
  for (const [index, leastSeconds] of [0, 1, 2].entries())
    expect(waited[index]?.seconds).toBeGreaterThanOrEqual(leastSeconds)
})

test.for(['server-down', 'spec-changed'] as const)(
  'what has come back ten times within an hour (%s) is given up, says so, and is repaired again after it',
  async (kind) => {
    const id = await domain.created(`unlucky-${kind}`)
    const configuration = await readFile(configurationOf(id), 'utf8')
    await repairedTenTimes(id, kind)
    await happens[kind](id)
    await until(async () => (await reasonOf(id)) !== null)
    // However often it is looked at.
    await passNow(domain)
    expect(await reasonOf(id)).toContain('10 times within an hour')
    expect(await driftOf(domain, id)).toMatchObject([
      { kind, repairs: 0, repairAfter: null, operationId: null, resolvedAt: null },
    ])
    expect(await operationsOf(domain, id)).toHaveLength(11)

    await anHourPasses()
    await passNow(domain)
    await until(async () => (await driftOf(domain, id)).every(({ resolvedAt }) => resolvedAt !== null))
    await isIdle(domain, id)
    expect((await operationsOf(domain, id))[0]).toMatchObject({
      workflow: 'start-instance',
      requestedBy: 'system',
      state: 'succeeded',
    })
    expect(await driftOf(domain, id)).toMatchObject([{ kind, repairs: 1, resolvedAt: expect.any(Date) }])
    expect(await reasonOf(id)).toBeNull()
    expect(await readFile(configurationOf(id), 'utf8')).toBe(configuration)
  },
)

test('who starts an instance that was given up has it started now, and is told how that goes', async () => {
  const id = await domain.created('wanted')
  await repairedTenTimes(id, 'server-down')
  await killServer(domain, id)
  await until(async () => (await reasonOf(id)) !== null)
  const { instances } = domain.plane
  expect(await instances.planStart(alice, { id })).toMatchObject({ workflow: 'start-instance', changes: [] })
  const [first, again] = [await instances.start(alice, { id }), await instances.start(alice, { id })]
  expect(first.operation).toMatchObject({ workflow: 'start-instance', requestedBy: 'alice' })
  expect(again.operation?.id).toBe(first.operation?.id)
  expect(await domain.ended(first.operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect(await instances.get(alice, id)).toMatchObject({ state: 'running', stateReason: null })
  expect(await driftOf(domain, id)).toMatchObject([{ kind: 'server-down', resolvedAt: expect.any(Date) }])
  expect(await instances.start(alice, { id })).toMatchObject({ operation: null })
})

test('the start that somebody asked for is no repair of the system, and gives way to nobody', async () => {
  const held = gate('step.before-body', { armed: false })
  await using holding = await openDomain({ reach: held.reach })
  const id = await holding.created('wanted')
  await repairedTenTimes(id, 'server-down', holding)
  await killServer(holding, id)
  await until(async () => (await reasonOf(id, holding)) !== null)
  held.arm()
  const { instances } = holding.plane
  const { operation } = await instances.start(alice, { id })
  await held.arrived
  const inProgress = { code: 'OPERATION_IN_PROGRESS', details: { activeOperationId: operation?.id } }
  await expect(instances.planStop(alice, { id })).rejects.toMatchObject(inProgress)
  await expect(instances.stop(alice, { id })).rejects.toMatchObject(inProgress)
  held.open()
  expect(await holding.ended(operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
})

test('what is found stopped when a control plane starts has died of nothing, and is started at once', async () => {
  const id = await domain.created('rested')
  await repairedTenTimes(id, 'server-down')
  await domain.restart(() => domain.stopServers())
  await until(async () => (await driftOf(domain, id)).some(({ resolvedAt }) => resolvedAt !== null))
  expect(await driftOf(domain, id)).toMatchObject([{ kind: 'server-down', repairs: 1 }])
})

test('what dies while another control plane runs is not rested for one that starts', async () => {
  await using watched = await openDomain({
    // It sees nothing of what happens until its next pass.
    through: (provider) => ({ ...provider, watch: async () => ({ [Symbol.asyncDispose]: async () => {} }) }),
    probe: async () => ({ failure: { reason: 'timeout', detail: 'not asked' }, answer: null, disk: null }),
  })
  const id = await watched.created('unlucky')
  await repairedTenTimes(id, 'server-down', watched)
  await killServer(watched, id)
  await until(async () => (await watched.provider.observe({ id })).phase === 'stopped')
  const other = await watched.beside({ provider: watched.provider })
  await other.restored
  expect(await driftOf(watched, id)).toMatchObject([
    { kind: 'server-down', repairs: 0, repairAfter: null, operationId: null },
  ])
  await other.stop(5000)
})

test('repairs of one kind use up nothing of another', async () => {
  const id = await domain.created('edited')
  await repairedTenTimes(id, 'spec-changed')
  await killServer(domain, id)
  await until(async () => (await driftOf(domain, id)).some(({ resolvedAt }) => resolvedAt !== null))
  expect(await driftOf(domain, id)).toMatchObject([{ kind: 'server-down', repairs: 1 }])
})

test('a server that could not be started for hours is tried ten times an hour all the same', async () => {
  const id = await domain.created('hopeless')
  // While nobody compares.
  await domain.restart(async () => {
    await domain.sql`
      insert into drift (id, kind, instance_id, instance_name, provider, detail, detected_at, repairs, repair_after)
      values (${newId()}, 'server-down', ${id}, 'hopeless', 'local', 'it died', now() - interval '3 hours', 30, now())`
    await repairedTenTimes(id, 'server-down')
    await killServer(domain, id)
  })
  await until(async () => (await reasonOf(id)) !== null)
  expect(await driftOf(domain, id)).toMatchObject([{ repairs: 30, repairAfter: null, resolvedAt: null }])
  expect(await operationsOf(domain, id)).toHaveLength(11)
})

test('that a change was given up is said for as long as it is there, whatever else is heard of the instance', async () => {
  const looked: string[] = []
  await using looking = await openDomain({
    through: (provider) => ({
      ...provider,
      observe: (instance, options) => {
        looked.push(instance.id)
        return provider.observe(instance, options)
      },
    }),
  })
  const id = await looking.created('edited')
  const configuration = await readFile(configurationOf(id, looking), 'utf8')
  await repairedTenTimes(id, 'spec-changed', looking)
  await happens['spec-changed'](id, looking)
  await until(async () => (await reasonOf(id, looking)) !== null)
  // The provider hears of any file, and one look begins when the one before has ended.
  for (const name of ['first', 'second']) {
    const before = looked.length
    await writeFile(`${looking.home}/instances/${id}/${name}`, '')
    await until(async () => looked.length > before)
  }
  expect(await reasonOf(id, looking)).toContain('changed its configuration 10 times')

  await writeFile(configurationOf(id, looking), configuration)
  await passNow(looking)
  expect(await driftOf(looking, id)).toMatchObject([{ repairs: 0, resolvedAt: expect.any(Date) }])
  expect(await reasonOf(id, looking)).toBeNull()
})
