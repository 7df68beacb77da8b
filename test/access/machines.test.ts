import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { alice, gate } from '../harness/domain/index.ts'
import { openApi } from './api.ts'

test('on which machine a step runs, and on which one it died, is told to callers of the system only', async () => {
  const held = gate('step.before-body')
  await using world = await openApi({ reach: held.reach })
  const { plane, sql, ended } = world.domain
  const { id: projectId } = await plane.projects.create(alice, { name: 'tenants' })
  const make = async (asked: { name: string; role: 'admin' | 'viewer'; system?: true }) =>
    (await plane.keys.create({ ...alice, projectId }, asked)).secret
  const tenant = { key: await make({ name: 'tenant', role: 'admin' }) }
  const system = { key: await make({ name: 'system', role: 'viewer', system: true }), project: 'tenants' }

  const tenantsOwn = { ...alice, system: false, projectId }
  const { operation } = await plane.instances.create(tenantsOwn, { name: 'orders', version: '18' })
  await held.arrived
  const [worker] = await sql<{ id: string; pid: number }[]>`
    select w.id, w.pid from operations o join workers w on w.id = o.owner where o.id = ${operation.id}`
  await sql`select take_over(${worker?.id ?? ''}, ${[operation.id]}::uuid[])`

  const { id } = operation
  const machine = `on ${hostname()}`
  const asked = [
    ['operations.get', { id }],
    ['operations.list', {}],
    ['operations.events', {}],
  ] as const
  for (const [path, input] of asked) {
    const { status, text } = await world.call(path, input, tenant)
    expect(status, text).toBe(200)
    expect(text).not.toContain(hostname())
    expect((await world.call(path, input, system)).text).toContain(hostname())
  }
  expect((await world.call('operations.get', { id }, tenant)).text).toContain('"host":null,"pid":null')
  const repeated = await world.call('instances.delete', { id: 'orders' }, tenant)
  expect(repeated.status, repeated.text).toBe(200)
  expect(repeated.text).not.toContain(hostname())

  held.open()
  await ended(id, tenantsOwn)
  expect((await world.call('operations.watch', { id }, system)).text).toContain(machine)
  const watched = (await world.call('operations.watch', { id }, tenant)).text
  expect(watched).toContain('TAKEN_OVER')
  expect(watched).not.toContain(machine)
  expect(watched).not.toContain(`process ${worker?.pid}`)
})
