import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { alice, ask, gate, openDomain, type Domain } from '../harness/domain/index.ts'

/** A create that has failed, since the only port was taken; and is free now. */
async function failedCreate(domain: Domain): Promise<{ id: string; instanceId: string }> {
  const first = await domain.created('first')
  const { operation, instance } = await domain.plane.instances.create(alice, {
    name: 'second',
    version: '18',
  })
  expect(await domain.ended(operation.id)).toMatchObject({
    state: 'failed',
    error: { code: 'NO_FREE_PORT' },
  })
  const { operation: deletion } = await domain.plane.instances.delete(alice, { id: first })
  await domain.ended(deletion.id)
  return { id: operation.id, instanceId: instance.id }
}

test('a create that failed goes on when it is tried again, and the instance can be used', async () => {
  await using domain = await openDomain({ ports: 1 })
  const { id } = await failedCreate(domain)
  const retry = () => domain.plane.operations.retry(alice, { id, idempotencyKey: 'once' })
  const first = await retry()
  expect(first).toMatchObject({ id, done: false, error: null })
  expect(await domain.ended(id)).toMatchObject({ state: 'succeeded', error: null })
  expect(await domain.plane.instances.get(alice, 'second')).toMatchObject({
    state: 'running',
    stateReason: null,
  })
  const { connectionString } = await domain.plane.instances.connection(alice, 'second')
  expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])

  // The same call again has the same answer; another one has nothing to try.
  expect(await retry()).toEqual(first)
  await expect(domain.plane.operations.retry(alice, { id })).rejects.toMatchObject({ code: 'OPERATION_DONE' })
  const audits =
    await domain.sql`select subject from audit_log where action = 'operations.retry' and operation_id = ${id}`
  expect(audits).toEqual([{ subject: 'alice' }])
})

test('what a deletion has taken is not tried again; nor what it is taking', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ ports: 1, reach: held.reach })
  const { id, instanceId } = await failedCreate(domain)
  held.arm()
  const { operation: deletion } = await domain.plane.instances.delete(alice, { id: instanceId })
  await held.arrived
  await expect(domain.plane.operations.retry(alice, { id })).rejects.toMatchObject({
    code: 'OPERATION_IN_PROGRESS',
    details: { activeOperationId: deletion.id },
  })
  held.open()
  await domain.ended(deletion.id)
  await expect(domain.plane.operations.retry(alice, { id })).rejects.toMatchObject({
    code: 'OPERATION_DONE',
    message: expect.stringContaining('second is deleted'),
  })
  expect(await domain.provider.list()).toEqual([])
})

test('an operation that does not exist cannot be tried again', async () => {
  await using domain = await openDomain()
  await expect(domain.plane.operations.retry(alice, { id: newId() })).rejects.toMatchObject({
    code: 'OPERATION_NOT_FOUND',
  })
})
