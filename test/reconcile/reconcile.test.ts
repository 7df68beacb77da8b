import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { findServer } from '@toygres/local-postgres'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { alice, ask, gate, openDomain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { driftOf, isIdle, killServer, operationsOf, passNow } from './looking.ts'

test('a server that died is started again, by an operation of the system, with its data', async () => {
  await using domain = await openDomain()
  const id = await domain.created('orders')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  await ask(connectionString, 'create table kept as select 42 as answer')
  await killServer(domain, id)
  await until(async () => (await driftOf(domain, id)).some(({ resolvedAt }) => resolvedAt !== null))
  const [drift] = await driftOf(domain, id)
  expect(drift).toMatchObject({ kind: 'server-down', instanceName: 'orders', provider: 'local', repairs: 1 })
  expect(await domain.ended(drift?.operationId ?? '')).toMatchObject({
    workflow: 'start-instance',
    requestedBy: 'system',
    state: 'succeeded',
  })
  expect(await ask(connectionString, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('a server that an earlier control plane started is watched as well', async () => {
  await using domain = await openDomain()
  const id = await domain.created('adopted')
  await domain.restart()
  await killServer(domain, id)
  await until(async () => (await driftOf(domain, id)).some(({ resolvedAt }) => resolvedAt !== null))
})

test('an instance whose data is gone is reported, and not replaced by an empty one', async () => {
  await using domain = await openDomain()
  const id = await domain.created('lost')
  await killServer(domain, id)
  await rename(`${domain.home}/instances/${id}`, `${domain.home}/aside`)
  await until(async () => (await driftOf(domain, id)).some(({ kind }) => kind === 'data-missing'))
  const missing = (await driftOf(domain, id)).find(({ kind }) => kind === 'data-missing')
  expect(missing).toMatchObject({ repairAfter: null, resolvedAt: null })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ healthStatus: 'unhealthy' })

  await rename(`${domain.home}/aside`, `${domain.home}/instances/${id}`)
  await passNow(domain)
  await until(async () => (await driftOf(domain, id)).every(({ resolvedAt }) => resolvedAt !== null))
})

test('that a check of it is refused afterwards is no better reason', async () => {
  await using domain = await openDomain()
  const id = await domain.created('lost')
  const health = () => domain.plane.health.get(alice, id)
  // The first check comes at once; the next in half a minute, unless it is hurried.
  await until(async () => (await health()).status === 'healthy')
  const server = await findServer(`${domain.home}/instances/${id}/data`)
  await rename(`${domain.home}/instances/${id}`, `${domain.home}/aside`)
  process.kill(server?.pid ?? 0, 'SIGKILL')
  await until(async () => (await health()).reason === 'data-missing')
  const { checkedAt } = await health()
  await until(async () => {
    await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state < 'active'`
    return (await health()).checkedAt?.getTime() !== checkedAt?.getTime()
  })
  expect(await health()).toMatchObject({ reason: 'data-missing', detail: 'its data is not where it was' })
})

test('an orphan is reported, and removed when its grace is over', async () => {
  await using domain = await openDomain()
  const orphan = newId()
  await domain.provider.ensure({ id: orphan, name: 'nobodys', version: '18', password: 'of-nobody' })
  await passNow(domain)
  const [found] = await driftOf(domain, orphan)
  expect(found).toMatchObject({
    kind: 'orphan',
    instanceName: 'nobodys',
    operationId: null,
    resolvedAt: null,
  })
  expect(found?.repairAfter?.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000)
  expect(await domain.provider.list()).toHaveLength(1)

  await domain.sql`update drift set repair_after = now() where instance_id = ${orphan}`
  await passNow(domain)
  await until(async () => (await domain.provider.list()).length === 0)
  await passNow(domain)
  expect((await driftOf(domain, orphan))[0]).toMatchObject({ repairs: 1, resolvedAt: expect.any(Date) })
})

test('an orphan is found by its id alone, whatever somebody has made of its name', async () => {
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      list: async (options) => (await provider.list(options)).map((found) => ({ ...found, name: 'renamed' })),
      // As a cluster does where objects are looked for by the names that follow from it.
      observe: async (instance, options) =>
        instance.name === 'renamed' ? { phase: 'absent' } : provider.observe(instance, options),
    }),
  })
  const orphan = newId()
  await domain.provider.ensure({ id: orphan, name: 'nobodys', version: '18', password: 'of-nobody' })
  await passNow(domain)
  expect(await driftOf(domain, orphan)).toMatchObject([{ kind: 'orphan', instanceName: 'renamed' }])
})

test('an orphan has its grace, whatever was removed of the same name within the hour', async () => {
  await using domain = await openDomain()
  const orphan = newId()
  const appears = async () => {
    await domain.provider.ensure({ id: orphan, name: 'nobodys', version: '18', password: 'of-nobody' })
    await passNow(domain)
  }
  await appears()
  await domain.sql`update drift set repair_after = now() where instance_id = ${orphan}`
  await passNow(domain)
  await until(async () => (await domain.provider.list()).length === 0)
  await passNow(domain)
  await appears()
  const [again] = await driftOf(domain, orphan)
  expect(again).toMatchObject({ kind: 'orphan', operationId: null, repairs: 0, resolvedAt: null })
  expect(again?.repairAfter?.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000)
})

test('the grace of an orphan is a week in which somebody could have heard of it', async () => {
  await using domain = await openDomain()
  const orphan = newId()
  await domain.provider.ensure({ id: orphan, name: 'nobodys', version: '18', password: 'of-nobody' })
  await passNow(domain)
  // No control plane runs for eight days.
  await domain.restart(async () => {
    await domain.sql`update drift set detected_at = detected_at - interval '8 days',
      last_seen_at = last_seen_at - interval '8 days', repair_after = repair_after - interval '8 days'`
  })
  const [found] = await driftOf(domain, orphan)
  expect(found).toMatchObject({ kind: 'orphan', operationId: null, repairs: 0, resolvedAt: null })
  expect(found?.repairAfter?.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000)
})

test('what carries no mark of ours is never touched', async () => {
  await using domain = await openDomain()
  await mkdir(`${domain.home}/instances/not-ours`, { recursive: true })
  await passNow(domain)
  expect((await domain.plane.drift.list(alice, { includeResolved: true, limit: 10 })).items).toEqual([])
})

test('something that is left of a deleted instance is removed', async () => {
  await using domain = await openDomain()
  const id = await domain.created('gone')
  const { operation } = await domain.plane.instances.delete(alice, { id })
  await domain.ended(operation.id)
  await domain.provider.ensure({ id, name: 'gone', version: '18', password: 'of-a-ghost' })
  await passNow(domain)
  await until(async () => (await domain.provider.list()).length === 0)
  expect((await driftOf(domain, id))[0]).toMatchObject({ kind: 'leftover', repairs: 1 })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'deleted' })
})

test('an instance whose operation is gone is finished by another', async () => {
  await using domain = await openDomain()
  const id = await domain.created('stuck')
  const half = newId()
  await domain.sql`update instances set state = 'deleting' where id = ${id}`
  await domain.sql`insert into instances (id, name, version, provider) values (${half}, 'half-made', '18', 'local')`
  await passNow(domain)
  await until(async () => (await domain.plane.instances.get(alice, id)).state === 'deleted')
  await until(async () => (await domain.plane.instances.get(alice, half)).state === 'running')
  for (const instance of [id, half])
    expect((await driftOf(domain, instance))[0]).toMatchObject({ kind: 'operation-gone', repairs: 1 })
})

test('an address that is not what metadata says is put right', async () => {
  await using domain = await openDomain()
  const id = await domain.created('moved')
  const { port } = await domain.plane.instances.get(alice, id)
  await domain.sql`update instances set port = 1 where id = ${id}`
  await passNow(domain)
  await until(async () => (await domain.plane.instances.get(alice, id)).port === port)
  expect((await driftOf(domain, id))[0]).toMatchObject({ kind: 'spec-changed', repairs: 1 })
})

test('a configuration file that somebody edited is put back, and the server obeys it', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('edited')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  const file = `${domain.home}/instances/${id}/data/postgresql.conf`
  const before = await readFile(file, 'utf8')
  await appendFile(file, "work_mem = '1MB'\n")
  await appendFile(`${domain.home}/instances/${id}/data/pg_hba.conf`, 'host all all 0.0.0.0/0 trust\n')
  await ask(connectionString, 'select pg_reload_conf()')
  const workMem = () => ask(connectionString, 'show work_mem')
  await until(async () => JSON.stringify(await workMem()).includes('1MB'))
  held.arm()
  await passNow(domain)
  await held.arrived
  expect((await domain.plane.instances.get(alice, id)).stateReason).toBe(
    'somebody changed its configuration, which is being put back',
  )
  held.open()
  await until(async () => JSON.stringify(await workMem()).includes('4MB'))
  await isIdle(domain, id)
  expect(await readFile(file, 'utf8')).toBe(before)
  await passNow(domain)
  expect(await driftOf(domain, id)).toMatchObject([
    {
      kind: 'spec-changed',
      detail: 'somebody has changed postgresql.conf; somebody has changed pg_hba.conf',
      repairs: 1,
      resolvedAt: expect.any(Date),
    },
  ])
  expect((await domain.plane.instances.get(alice, id)).stateReason).toBeNull()
})

test('where changes are only to be reported, the file stays as somebody edited it', async () => {
  await using domain = await openDomain({ repair: { changedSpec: 'report' } })
  const id = await domain.created('reported')
  const file = `${domain.home}/instances/${id}/data/postgresql.conf`
  await appendFile(file, "work_mem = '1MB'\n")
  await passNow(domain)
  expect(await driftOf(domain, id)).toMatchObject([
    { kind: 'spec-changed', repairAfter: null, operationId: null, resolvedAt: null },
  ])
  expect(await readFile(file, 'utf8')).toContain('1MB')
  expect(await operationsOf(domain, id)).toHaveLength(1)
})

test('what a superuser sets with alter system is nobody’s drift', async () => {
  await using domain = await openDomain()
  const id = await domain.created('tuned')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  await ask(connectionString, "alter system set work_mem = '1MB'")
  await passNow(domain)
  expect(await driftOf(domain, id)).toEqual([])
})

test('two control planes that see a server die make one repair', async () => {
  await using domain = await openDomain()
  const ids = [await domain.created('one'), await domain.created('two'), await domain.created('three')]
  const other = await domain.beside({})
  try {
    for (const id of ids) await killServer(domain, id)
    for (const id of ids) {
      await until(async () => (await driftOf(domain, id)).some(({ resolvedAt }) => resolvedAt !== null))
      await isIdle(domain, id)
      const repairs = (await operationsOf(domain, id)).filter(({ workflow }) => workflow === 'start-instance')
      expect(repairs).toHaveLength(1)
      expect((await driftOf(domain, id)).reduce((sum, { repairs: each }) => sum + each, 0)).toBe(1)
    }
  } finally {
    await other.stop(5000)
  }
})

test('servers that were stopped while no control plane ran are each started once', async () => {
  await using domain = await openDomain()
  const ids = [await domain.created('one'), await domain.created('two')]
  await domain.restart(async () => {
    await domain.stopServers()
  })
  for (const id of ids) {
    await isIdle(domain, id)
    const repairs = (await operationsOf(domain, id)).filter(({ workflow }) => workflow === 'start-instance')
    expect(repairs).toHaveLength(1)
  }
})

test('a provider that does not answer for some instances holds up the repair of no other', async () => {
  const silent = new Set<string>()
  const asked = new Set<string>()
  const answer = Promise.withResolvers<void>()
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      async observe(instance, options) {
        if (silent.has(instance.id)) {
          asked.add(instance.id)
          await answer.promise
        }
        return provider.observe(instance, options)
      },
      async list(options) {
        // What nobody notices is found by a pass: here, by none.
        if (silent.size > 0) await answer.promise
        return provider.list(options)
      },
    }),
  })
  const [stuck, mortal] = [await domain.created('stuck'), await domain.created('mortal')]
  silent.add(stuck)
  await killServer(domain, stuck)
  await until(async () => asked.size === 1)
  await killServer(domain, mortal)
  await until(async () => (await driftOf(domain, mortal)).some(({ resolvedAt }) => resolvedAt !== null))
  expect(await driftOf(domain, stuck)).toEqual([])
  answer.resolve()
  await until(async () => (await driftOf(domain, stuck)).some(({ resolvedAt }) => resolvedAt !== null))
})

test('an instance is down from the moment at which its provider sees its server gone, also if another is on its way', async () => {
  let isGone = false
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      async observe(instance, options) {
        // As a cluster does that makes a pod anew.
        if (isGone) return { phase: 'starting', detail: 'its pod is being made', isGone: true }
        return provider.observe(instance, options)
      },
    }),
  })
  const id = await domain.created('replaced')
  const health = () => domain.plane.health.get(alice, id)
  // No check would find out for an hour.
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 3600 })
  await until(async () => (await health()).status === 'healthy')
  isGone = true
  await writeFile(`${domain.home}/instances/${id}/touched`, '')
  await until(async () => (await health()).status === 'unhealthy')
  expect(await health()).toMatchObject({ reason: 'server-down', detail: 'its pod is being made' })
  expect(await driftOf(domain, id)).toEqual([])
  isGone = false
  await writeFile(`${domain.home}/instances/${id}/touched-again`, '')
  await until(async () => (await health()).status === 'healthy')
})

test('the address of an instance that was moved is noted also where what somebody changed is only reported', async () => {
  await using domain = await openDomain({ repair: { changedSpec: 'report' } })
  const id = await domain.created('moved')
  const { port } = await domain.plane.instances.get(alice, id)
  await appendFile(`${domain.home}/instances/${id}/data/postgresql.conf`, "work_mem = '1MB'\n")
  await domain.sql`update instances set port = 1 where id = ${id}`
  await passNow(domain)
  await until(async () => (await domain.plane.instances.get(alice, id)).port === port)
  expect((await driftOf(domain, id)).at(-1)).toMatchObject({
    kind: 'spec-changed',
    detail: expect.stringContaining('it answers at'),
    repairs: 0,
    resolvedAt: expect.any(Date),
  })
  // Nothing was put back.
  expect((await operationsOf(domain, id)).map(({ workflow }) => workflow)).toEqual(['create-instance'])
})
