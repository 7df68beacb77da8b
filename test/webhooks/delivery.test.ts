import type { Webhook, WebhookEventKind } from '@toygres/schema'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { happeningsIn } from './happenings.ts'
import { isSignedWith, openReceiver, type Receiver } from './receiver.ts'

const kinds: WebhookEventKind[] = [
  'instance.creating',
  'instance.running',
  'instance.failed',
  'instance.deleting',
]

let domain: Domain
let receiver: Receiver
let happen: ReturnType<typeof happeningsIn>
let webhook: Webhook
let secret: string
beforeEach(async () => {
  domain = await openDomain({ webhooks: { allowPrivateAddresses: true } })
  receiver = await openReceiver()
  happen = happeningsIn(domain.sql)
  ;({ webhook, secret } = await domain.plane.webhooks.create(alice, { url: receiver.url, kinds }))
})
afterEach(async () => {
  await domain[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const types = (instance?: string) =>
  receiver.received
    .filter((one) => instance === undefined || one.instance === instance)
    .map(({ type }) => type)
const deliveries = async () =>
  (await domain.plane.webhooks.deliveries(alice, { id: webhook.id, limit: 100 })).items.toReversed()
const states = async () => (await deliveries()).map(({ state }) => state)
const now = async () => domain.plane.webhooks.get(alice, webhook.id)

test('events arrive signed, in order, once each, with two control planes at it', async () => {
  const peer = await domain.beside({ webhooks: { allowPrivateAddresses: true } })
  const ids = await Promise.all(Array.from({ length: 10 }, (_, n) => happen.appear(`i-${n}`)))
  for (const state of ['running', 'failed', 'deleting'] as const)
    await Promise.all(ids.map((id) => happen.become(id, state)))
  await expect.poll(states).toEqual(Array.from({ length: 40 }, () => 'delivered'))
  await peer.stop(0)
  expect(receiver.received).toHaveLength(40)
  for (const n of ids.keys()) expect(types(`i-${n}`)).toEqual(kinds)
  for (const message of receiver.received) {
    expect(isSignedWith(secret, message)).toBe(true)
    expect(isSignedWith(`${secret.slice(0, -4)}AAA=`, message)).toBe(false)
    expect(Math.abs(Date.now() / 1000 - Number(message.headers['webhook-timestamp']))).toBeLessThan(120)
  }
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(40)
})

test('what is refused is sent again, as the same message; what comes after it waits, other instances do not', async () => {
  receiver.answer = ({ instance }) => (instance === 'stuck' ? 500 : 204)
  const stuck = await happen.appear('stuck')
  await happen.become(stuck, 'running')
  const fine = await happen.appear('fine')
  await happen.become(fine, 'running')
  await expect.poll(() => types('fine')).toEqual(['instance.creating', 'instance.running'])
  await expect
    .poll(async () => (await deliveries())[0])
    .toMatchObject({ attempts: 1, status: 500, state: 'pending' })

  receiver.answer = () => 204
  await happen.hurry()
  await expect
    .poll(() => types('stuck'))
    .toEqual(['instance.creating', 'instance.creating', 'instance.running'])
  const [first, second] = receiver.received.filter(({ instance }) => instance === 'stuck')
  expect(second?.id).toBe(first?.id)
  await expect.poll(states).toEqual(['delivered', 'delivered', 'delivered', 'delivered'])
  expect((await deliveries())[0]).toMatchObject({ attempts: 2, status: 204, error: null })
  expect(await now()).toMatchObject({ failingSince: null, disabledAt: null })
})

test('what nobody takes in time, or at all, is written down with the reason', async () => {
  await receiver[Symbol.asyncDispose]()
  await happen.appear('lonely')
  await expect
    .poll(async () => (await deliveries())[0])
    .toMatchObject({ attempts: 1, status: null, error: expect.stringContaining('ECONNREFUSED') as string })
  expect((await now()).failingSince).not.toBeNull()
})

test('a webhook that nothing has got through to for days is disabled, says why, and is told nothing more', async () => {
  receiver.answer = () => 503
  await happen.appear('first')
  await expect.poll(async () => (await now()).failingSince).not.toBeNull()
  await domain.sql`update webhooks set failing_since = now() - interval '6 days'`
  await happen.hurry()
  await expect.poll(async () => (await now()).disabledReason).toBe('nothing has got through for 5 days')
  await happen.appear('second')
  expect(await deliveries()).toHaveLength(1)

  receiver.answer = () => 200
  const enabled = await domain.plane.webhooks.update(alice, { id: webhook.id, enabled: true })
  expect(enabled).toMatchObject({ disabledAt: null, disabledReason: null, failingSince: null })
  await expect.poll(states).toEqual(['delivered'])
})

test('"410 Gone" disables at once', async () => {
  receiver.answer = () => 410
  await happen.appear('gone')
  await expect.poll(async () => (await now()).disabledReason).toContain('410')
  expect(await states()).toEqual(['failed'])
})

test('a redirect is a refusal, and is not followed', async () => {
  const elsewhere = await openReceiver()
  receiver.answer = () => 307
  receiver.answerHeaders['location'] = elsewhere.url
  await happen.appear('redirected')
  await expect.poll(async () => (await deliveries())[0]).toMatchObject({ status: 307, state: 'pending' })
  expect(elsewhere.connections).toBe(0)
  await elsewhere[Symbol.asyncDispose]()
})

test('an event is sent again on request, before what else waits', async () => {
  await happen.appear('again')
  await expect.poll(states).toEqual(['delivered'])
  const [first] = await deliveries()
  const again = { id: webhook.id, deliveryId: first?.id ?? '' }
  expect(await domain.plane.webhooks.redeliver(alice, again)).toMatchObject({
    id: first?.id,
    state: 'pending',
  })
  await expect.poll(() => receiver.received.map(({ id }) => id)).toEqual([first?.id, first?.id])
  await expect.poll(states).toEqual(['delivered'])
})

test('what waits for a day is tried at once when its webhook is changed, or one of its events is asked for', async () => {
  receiver.answer = ({ type }) => (type === 'instance.running' ? 500 : 204)
  const id = await happen.appear('patient')
  await happen.become(id, 'running')
  await expect.poll(async () => (await deliveries())[1]?.status).toBe(500)
  await happen.postpone()
  const [creating, running] = await deliveries()
  await domain.plane.webhooks.redeliver(alice, { id: webhook.id, deliveryId: creating?.id ?? '' })
  await expect.poll(() => receiver.received.length).toBe(4)
  expect(receiver.received.slice(2).map((message) => message.id)).toEqual([creating?.id, running?.id])

  await expect.poll(async () => (await deliveries())[1]?.attempts).toBe(2)
  await happen.postpone()
  receiver.answer = () => 204
  await domain.plane.webhooks.update(alice, { id: webhook.id, url: `${receiver.url}&mended=yes` })
  await expect.poll(states).toEqual(['delivered', 'delivered'])
})

test('one webhook is sent four at once, however many there are to send', async () => {
  const held = Promise.withResolvers<number>()
  receiver.answer = () => held.promise
  await Promise.all(Array.from({ length: 30 }, (_, n) => happen.appear(`many-${n}`)))
  await expect.poll(() => receiver.open.now).toBe(4)
  const active =
    await domain.sql`select from pgboss.job where name = 'webhook-deliveries' and state = 'active'`
  expect(active).toHaveLength(4)
  held.resolve(204)
  await expect.poll(async () => (await states()).filter((state) => state === 'delivered')).toHaveLength(30)
  expect(receiver.open.most).toBe(4)
})

test('a webhook that is deleted is told nothing more, and neither is one whose project is', async () => {
  receiver.answer = () => 500
  await happen.appear('late')
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0)
  await domain.plane.webhooks.delete(alice, { id: webhook.id })
  await happen.hurry()
  await expect
    .poll(() => domain.sql`select from pgboss.job where name = 'webhook-deliveries'`)
    .toHaveLength(0)
  expect(await domain.sql`select from webhook_deliveries`).toHaveLength(0)
  expect(receiver.received).toHaveLength(1)
})

test('what is a week old is forgotten', async () => {
  await happen.appear('old')
  await expect.poll(states).toEqual(['delivered'])
  await domain.sql`update webhook_deliveries set created_at = now() - interval '8 days'`
  await domain.restart()
  await expect.poll(states).toEqual([])
})
