import { findServer } from '@toygres/local-postgres'
import { expect, test } from 'vitest'
import { alice, gate, openDomain } from '../harness/domain/index.ts'

test.for(['step.before-body', 'step.after-body', 'turn.claimed'] as const)(
  'a delete that meets a create at %s ends it, and nothing is left of either',
  async (point) => {
    const held = gate(point)
    await using domain = await openDomain({ reach: held.reach })
    const created = await domain.plane.instances.create(alice, { name: 'short', version: '18' })
    await held.arrived
    const deleted = domain.plane.instances.delete(alice, { id: 'short' })
    // A delete waits for the row that the turn has locked; it must not need the turn to be let go otherwise.
    if (point !== 'turn.claimed') await deleted
    held.open()

    const { operation } = await deleted
    expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
    expect((await domain.ended(created.operation.id)).state).toMatch(/cancelled|succeeded/)
    expect(await domain.plane.instances.get(alice, created.instance.id)).toMatchObject({ state: 'deleted' })
    expect(await domain.provider.list()).toEqual([])
    expect(await domain.sql`select from instance_credentials`).toHaveLength(0)
  },
)

test('a create that is cancelled is undone, and its name is free', async () => {
  const held = gate('step.after-body')
  await using domain = await openDomain({ reach: held.reach })
  const { operation, instance } = await domain.plane.instances.create(alice, {
    name: 'regretted',
    version: '18',
  })
  await held.arrived
  await domain.plane.operations.cancel(alice, { id: operation.id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'cancelled', done: true })
  expect(await domain.plane.instances.get(alice, instance.id)).toMatchObject({ state: 'deleted' })
  expect(await domain.provider.list()).toEqual([])
  await domain.created('regretted')
})

test('a create that is cancelled before it began is undone too', async () => {
  const held = gate('turn.began', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  held.arm()
  const { operation, instance } = await domain.plane.instances.create(alice, { name: 'early', version: '18' })
  await held.arrived
  expect(await domain.plane.operations.get(alice, operation.id)).toMatchObject({ state: 'queued' })
  await domain.plane.operations.cancel(alice, { id: operation.id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'cancelled' })
  expect(await domain.plane.instances.get(alice, instance.id)).toMatchObject({ state: 'deleted' })
  expect(await domain.sql`select from instance_credentials`).toHaveLength(0)
})

test('a deletion is not cancelled, neither while it runs nor afterwards, and says why', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  await domain.created('doomed')
  held.arm()
  const { operation } = await domain.plane.instances.delete(alice, { id: 'doomed' })
  await held.arrived
  const cancel = () => domain.plane.operations.cancel(alice, { id: operation.id })
  await expect(cancel()).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  await expect(cancel()).rejects.toMatchObject({ code: 'OPERATION_DONE' })
})

test('a delete that meets a stop waits for no answer of a server that hangs', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('hung')
  held.arm()
  const stop = await domain.plane.instances.stop(alice, { id })
  await held.arrived
  process.kill((await findServer(`${domain.home}/instances/${id}/data`))?.pid ?? 0, 'SIGSTOP')
  const { operation } = await domain.plane.instances.delete(alice, { id })
  held.open()
  expect(await domain.ended(stop.operation?.id ?? '')).toMatchObject({ state: 'cancelled' })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect(await domain.provider.list()).toEqual([])
})

test('a delete that comes while a stop is being undone is not kept by that, either', async () => {
  const held = gate('step.after-body', { armed: false })
  let hangs = false
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      async ensure(spec, options) {
        await provider.ensure(spec, options)
        if (hangs)
          process.kill((await findServer(`${domain.home}/instances/${spec.id}/data`))?.pid ?? 0, 'SIGSTOP')
      },
    }),
  })
  const id = await domain.created('hung')
  hangs = true
  held.arm()
  const { operation: stop } = await domain.plane.instances.stop(alice, { id })
  await held.arrived
  await domain.plane.operations.cancel(alice, { id: stop?.id ?? '' })
  held.open()
  const { signal } = new AbortController()
  for await (const { state } of domain.plane.operations.watch(alice, stop?.id ?? '', { afterSeq: 0, signal }))
    if (state === 'waiting') break
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await domain.ended(stop?.id ?? '')).toMatchObject({ state: 'cancelled' })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
})

test('a delete that meets a start does not end in good order what it removes', async () => {
  const held = gate('step.after-body', { armed: false })
  let stops = 0
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      stop: (...call) => {
        stops++
        return provider.stop(...call)
      },
    }),
  })
  const id = await domain.created('short')
  const { operation: stop } = await domain.plane.instances.stop(alice, { id })
  await domain.ended(stop?.id ?? '')
  const before = stops
  held.arm()
  const { operation: start } = await domain.plane.instances.start(alice, { id })
  await held.arrived
  const { operation } = await domain.plane.instances.delete(alice, { id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect(await domain.ended(start?.id ?? '')).toMatchObject({ state: 'cancelled' })
  expect(stops).toBe(before)
})

test('a delete that comes while a start is being undone does not wait for its server to end in good order', async () => {
  const held = gate('step.after-body', { armed: false })
  const ending = Promise.withResolvers<void>()
  const calledOff = Promise.withResolvers<unknown>()
  let isSlow = false
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      async stop(instance, options) {
        if (!isSlow) return provider.stop(instance, options)
        ending.resolve()
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            calledOff.resolve(options.signal?.reason)
            reject(new Error('nobody waits for it any more'))
          })
        })
      },
    }),
  })
  const id = await domain.created('slow')
  const { operation: stop } = await domain.plane.instances.stop(alice, { id })
  await domain.ended(stop?.id ?? '')
  isSlow = true
  held.arm()
  const { operation: start } = await domain.plane.instances.start(alice, { id })
  await held.arrived
  await domain.plane.operations.cancel(alice, { id: start?.id ?? '' })
  held.open()
  await ending.promise
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await calledOff.promise).not.toMatchObject({ code: 'STEP_TIMEOUT' })
  expect(await domain.ended(start?.id ?? '')).toMatchObject({ state: 'cancelled' })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
})
