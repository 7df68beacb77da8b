import { newId } from '@toygres/workflow'
import { alice, type Domain, type Gate } from '../harness/domain/index.ts'

/** Two inputs for one procedure: the call that is made, and another that its idempotency key is no good for. */
export interface Sample {
  readonly input: object
  readonly other: object
}

export interface Setting {
  readonly domain: Domain
  /** Holds the next step that runs. */
  readonly held: Gate
}

/** How each mutation of the API is called so that it changes something. A new one needs an entry here. */
export const mutations: Record<string, (setting: Setting) => Promise<Sample>> = {
  'instances.create': async () => ({ input: { name: 'made' }, other: { name: 'other' } }),

  'instances.update': async ({ domain }) => {
    const id = await domain.created('updated')
    return { input: { id, labels: { a: '1' } }, other: { id, labels: { a: '2' } } }
  },

  'instances.delete': async ({ domain }) => {
    const id = await domain.created('deleted')
    return { input: { id }, other: { id: newId() } }
  },

  'instances.stop': async ({ domain }) => {
    const id = await domain.created('stopped')
    return { input: { id }, other: { id: newId() } }
  },

  'instances.start': async ({ domain }) => {
    const id = await domain.created('started')
    const { operation } = await domain.plane.instances.stop(alice, { id })
    await domain.ended(operation?.id ?? '')
    return { input: { id }, other: { id: newId() } }
  },

  'instances.createMany': async () => ({
    input: { items: [{ name: 'first' }, { name: 'second' }] },
    other: { items: [{ name: 'first' }] },
  }),

  'instances.deleteMany': async ({ domain }) => {
    const items = [{ id: await domain.created('one-of-two') }, { id: await domain.created('two-of-two') }]
    return { input: { items }, other: { items: items.slice(1) } }
  },

  'operations.cancel': async ({ domain, held }) => {
    held.arm()
    const { operation } = await domain.plane.instances.create(alice, { name: 'cancelled', version: '18' })
    await held.arrived
    return { input: { id: operation.id }, other: { id: newId() } }
  },

  'operations.retry': async ({ domain }) => {
    const resourceId = await domain.created('retried')
    const id = newId()
    await domain.sql`
      insert into operations (id, workflow, version, resource_id, input, steps, step, state, requested_by, started_at)
      values (${id}, 'unheard-of', 1, ${resourceId}, '{}', ${['step']}, 'step', 'parked', 'alice', now())`
    return { input: { id }, other: { id: newId() } }
  },

  'health.configure': async ({ domain }) => {
    const id = await domain.created('checked')
    return { input: { id, checkIntervalSeconds: 60 }, other: { id, checkIntervalSeconds: 61 } }
  },

  'keys.create': async () => ({
    input: { name: 'one', role: 'viewer' },
    other: { name: 'one', role: 'operator' },
  }),

  'keys.revoke': async ({ domain }) => {
    const { key } = await domain.plane.keys.create(alice, { name: 'lost', role: 'viewer' })
    return { input: { id: key.id }, other: { id: '0'.repeat(16) } }
  },

  'keys.rotate': async ({ domain }) => {
    const { key } = await domain.plane.keys.create(alice, { name: 'old', role: 'viewer' })
    return { input: { id: key.id }, other: { id: '0'.repeat(16) } }
  },

  'projects.create': async () => ({ input: { name: 'tenant' }, other: { name: 'another' } }),

  'projects.update': async ({ domain }) => {
    const { id } = await domain.plane.projects.create(alice, { name: 'growing' })
    return { input: { id, quota: { instances: 7 } }, other: { id, quota: { instances: 8 } } }
  },

  'projects.delete': async ({ domain }) => {
    const { id } = await domain.plane.projects.create(alice, { name: 'ended' })
    return { input: { id }, other: { id: newId() } }
  },

  'webhooks.create': async () => ({
    input: { url: 'https://hook.test/a', kinds: ['instance.failed'] },
    other: { url: 'https://hook.test/b', kinds: ['instance.failed'] },
  }),

  'webhooks.update': async ({ domain }) => {
    const id = await hook(domain)
    return { input: { id, enabled: false }, other: { id, enabled: true } }
  },

  'webhooks.delete': async ({ domain }) => ({ input: { id: await hook(domain) }, other: { id: newId() } }),

  'webhooks.redeliver': async ({ domain }) => {
    const id = await hook(domain)
    const [row] = await domain.sql<{ id: string }[]>`
      insert into webhook_deliveries (webhook_id, resource_id, kind, body, state)
      values (${id}, ${newId()}, 'instance.failed', '{}', 'delivered') returning id`
    return { input: { id, deliveryId: row?.id }, other: { id, deliveryId: newId() } }
  },
}

/** A webhook that is told of nothing that happens here. */
async function hook(domain: Domain): Promise<string> {
  const asked = { url: 'https://hook.test', kinds: ['instance.failed' as const] }
  return (await domain.plane.webhooks.create(alice, asked)).webhook.id
}
