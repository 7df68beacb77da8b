import { afterEach, beforeEach, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { happeningsIn } from './happenings.ts'
import { openReceiver, type Receiver } from './receiver.ts'

let domain: Domain
let receiver: Receiver
let id: string
beforeEach(async () => {
  domain = await openDomain({ webhooks: { allowPrivateAddresses: true } })
  receiver = await openReceiver()
  const { webhook } = await domain.plane.webhooks.create(alice, {
    url: receiver.url,
    kinds: ['instance.creating'],
  })
  id = webhook.id
})
afterEach(async () => {
  await domain[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const happen = () => happeningsIn(domain.sql).appear('orders')

/** As a deletion does it: the webhook, and then its events with it. Meanwhile this is about to write to one of them. */
async function deleteWhile(somebodyWrites: () => void): Promise<void> {
  await domain.sql.begin(async (tx) => {
    await tx`select from webhooks where id = ${id} for no key update`
    somebodyWrites()
    await domain.blocked()
    await tx`delete from webhooks where id = ${id}`
  })
}

test('a webhook is deleted while the answer to its event is written down', async () => {
  const answer = Promise.withResolvers<number>()
  receiver.answer = () => answer.promise
  await happen()
  await expect.poll(() => receiver.received.length).toBe(1)
  await deleteWhile(() => answer.resolve(204))
  await expect
    .poll(() => domain.sql`select from pgboss.job where name = 'webhook-deliveries' and state <= 'active'`)
    .toHaveLength(0)
  expect(domain.logged()).not.toContain('could not be written down')
})

test('a webhook is deleted while somebody has an event sent again', async () => {
  await happen()
  const deliveries = () => domain.plane.webhooks.deliveries(alice, { id, limit: 1 })
  await expect.poll(async () => (await deliveries()).items[0]?.state).toBe('delivered')
  const deliveryId = (await deliveries()).items[0]?.id ?? ''
  let again: Promise<unknown> = Promise.resolve()
  await deleteWhile(() => {
    again = domain.plane.webhooks.redeliver(alice, { id, deliveryId }).catch((error: unknown) => error)
  })
  expect(await again).toMatchObject({ code: 'WEBHOOK_NOT_FOUND' })
})
