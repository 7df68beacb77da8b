import { migrate } from '@toygres/control-plane'
import { expect, test } from 'vitest'
import { alice, all, gate, openDomain } from '../harness/domain/index.ts'
import { restartableServer } from '../harness/postgres/index.ts'

test('while the metadata database is away every call is refused as unavailable; then all is well again', async () => {
  await using server = await restartableServer()
  await migrate(server.url)
  await using domain = await openDomain({ database: { url: server.url, drop: async () => {} } })
  const { plane } = domain
  await server.stop()
  const id = '01a20be1-26ef-7384-913c-a2b94ca8fc36'
  const signal = new AbortController().signal
  const calls = [
    () => plane.instances.create(alice, { name: 'unlucky', version: '18' }),
    () => plane.instances.list(alice, { limit: 10, includeDeleted: false }),
    () => plane.instances.delete(alice, { id: 'unlucky' }),
    () => plane.operations.get(alice, id),
    () => all(plane.operations.watch(alice, id, { afterSeq: 0, signal })),
    () => plane.keys.list(alice, { limit: 10 }),
    () => plane.system.status(),
    () => plane.authenticate(`toygres_${'0'.repeat(16)}_${'0'.repeat(43)}`),
  ]
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await plane.system.health()).toMatchObject({ status: 'unavailable' })

  await server.start()
  await expect.poll(() => plane.system.health(), { timeout: 20_000 }).toMatchObject({ status: 'ok' })
  await domain.created('lucky')
}, 120_000)

test('a step that the metadata database is away for waits for it, and none of its attempts is spent', async () => {
  await using server = await restartableServer()
  await migrate(server.url)
  let arrivals = 0
  const held = gate('step.before-body', { when: async () => ++arrivals === 1 })
  await using domain = await openDomain({
    database: { url: server.url, drop: async () => {} },
    reach: held.reach,
  })
  const { operation } = await domain.plane.instances.create(alice, { name: 'patient', version: '18' })
  await held.arrived
  await server.stop()
  held.open()
  await server.start()
  const { state, steps } = await domain.ended(operation.id)
  expect(state).toBe('succeeded')
  expect(steps.map(({ attempt }) => attempt)).toEqual(steps.map(() => 1))
}, 120_000)
