import { instance, operation } from '@toygres/api/testing'
import type { UpdateInstance } from '@toygres/schema'
import { expect, test } from 'vitest'
import { serve } from './testing/serve.ts'

const plan = { workflow: 'create-instance', steps: [], changes: [], cancels: null }

test('settings are changed on condition, and where nothing takes time there is nothing to wait for', async () => {
  const asked: UpdateInstance[] = []
  const { toygres } = await serve({
    instances: {
      update: (_, request) => {
        asked.push(request)
        return Promise.resolve({ instance, operation: null })
      },
    },
  })
  const labels = { team: 'sales' }
  expect(await toygres.instances.update('orders', { labels }, { etag: 'e1', idempotencyKey: 'k' })).toEqual({
    instance,
    operation: null,
  })
  expect(await toygres.instances.update('orders', { labels }).wait()).toEqual(instance)
  expect(asked).toMatchObject([
    { id: 'orders', labels, etag: 'e1', idempotencyKey: 'k' },
    { id: 'orders', labels },
  ])
})

test('a deletion is asked for on condition', async () => {
  const asked: unknown[] = []
  const { toygres } = await serve({
    instances: {
      delete: (_, request) => {
        asked.push(request)
        return Promise.resolve({ instance, operation })
      },
    },
  })
  await toygres.instances.delete('orders', { etag: 'e1', idempotencyKey: 'k' })
  expect(asked).toEqual([{ id: 'orders', etag: 'e1', idempotencyKey: 'k' }])
})

test('a stop and a start are asked for on condition, and waited for where something is done', async () => {
  const asked: unknown[] = []
  const { toygres } = await serve({
    instances: {
      stop: (_, request) => {
        asked.push(request)
        return Promise.resolve({ instance, operation })
      },
      start: (_, request) => {
        asked.push(request)
        return Promise.resolve({ instance, operation: null })
      },
    },
  })
  const options = { etag: 'e1', idempotencyKey: 'k' }
  expect((await toygres.instances.stop('orders', options)).operation?.id).toBe(operation.id)
  expect(await toygres.instances.start('orders', options).wait()).toEqual(instance)
  expect(asked).toEqual([
    { id: 'orders', ...options },
    { id: 'orders', ...options },
  ])
})

test('a plan is what a change would do, and no change', async () => {
  const { toygres } = await serve({
    instances: {
      planCreate: () => Promise.resolve(plan),
      planUpdate: () => Promise.resolve({ ...plan, workflow: null }),
      planStop: () => Promise.resolve({ ...plan, workflow: 'stop-instance' }),
      planStart: () => Promise.resolve({ ...plan, workflow: 'start-instance' }),
      planDelete: () => Promise.resolve({ ...plan, workflow: 'delete-instance' }),
    },
  })
  expect(await toygres.instances.planCreate({ name: 'orders' })).toEqual(plan)
  expect(await toygres.instances.planUpdate('orders', { labels: {} })).toEqual({ ...plan, workflow: null })
  expect(await toygres.instances.planStop('orders')).toMatchObject({ workflow: 'stop-instance' })
  expect(await toygres.instances.planStart('orders')).toMatchObject({ workflow: 'start-instance' })
  expect(await toygres.instances.planDelete('orders', { etag: 'e1' })).toMatchObject({
    workflow: 'delete-instance',
  })
})

test('an operation can be asked for when it has ended', async () => {
  const waits: (number | undefined)[] = []
  const { toygres } = await serve({
    operations: {
      wait: (_, { waitSeconds }) => {
        waits.push(waitSeconds)
        return Promise.resolve(operation)
      },
    },
  })
  await toygres.operations.get(operation.id, { waitSeconds: 20 })
  expect(waits).toEqual([20])
})
