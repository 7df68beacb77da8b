import { defaultProjectId, type ProjectId, type WebhookEventKind } from '@toygres/schema'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { happeningsIn } from './happenings.ts'
import { openReceiver, type Receiver } from './receiver.ts'

const kinds: WebhookEventKind[] = ['instance.creating']
const never = new Promise<number>(() => {})

let domain: Domain
let dead: Receiver
let alive: Receiver
beforeEach(async () => {
  domain = await openDomain({ webhooks: { allowPrivateAddresses: true } })
  dead = await openReceiver()
  alive = await openReceiver()
})
afterEach(async () => {
  await domain[Symbol.asyncDispose]()
  await dead[Symbol.asyncDispose]()
  await alive[Symbol.asyncDispose]()
})

const webhookIn = async (projectId: ProjectId, { url }: Receiver) =>
  (await domain.plane.webhooks.create({ ...alice, projectId }, { url, kinds })).webhook.id
const project = async (name: string) => (await domain.plane.projects.create(alice, { name })).id

/** Messages that are being sent to one webhook, or to those of one project. */
const underWay = async (id: string) =>
  (
    await domain.sql`
      select from pgboss.job j join webhooks w on j.singleton_key like w.id || '/%'
      where j.name = 'webhook-deliveries' and j.state = 'active' and ${id} in (w.id, w.project_id)`
  ).length

/** So many instances, each with an event, all of which are written before any is sent. */
const appearIn = (projectId: ProjectId, count: number) =>
  domain.sql.begin(async (tx) => {
    const happen = happeningsIn(tx)
    for (let n = 0; n < count; n++) await happen.appear(`in-${projectId.slice(-6)}-${n}`, projectId)
  })

test('a webhook that answers nothing has four messages under way, and everybody else gets theirs meanwhile', async () => {
  dead.answer = () => never
  const silent = await webhookIn(defaultProjectId, dead)
  const other = await project('other')
  await webhookIn(other, alive)
  await appearIn(defaultProjectId, 60)
  await expect.poll(() => underWay(silent)).toBeGreaterThan(0)
  await appearIn(other, 10)
  await expect.poll(() => alive.received.length).toBe(10)
  expect(await underWay(silent)).toBeLessThanOrEqual(4)
})

test('twenty webhooks of one project that answer nothing leave room for those of others', async () => {
  dead.answer = () => never
  for (let n = 0; n < 20; n++) await webhookIn(defaultProjectId, dead)
  const other = await project('other')
  await webhookIn(other, alive)
  await appearIn(defaultProjectId, 5)
  await expect.poll(() => underWay(defaultProjectId)).toBeGreaterThanOrEqual(8)
  await appearIn(other, 5)
  await expect.poll(() => alive.received.length).toBe(5)
  // Where there is room for one, four are taken at most.
  expect(await underWay(defaultProjectId)).toBeLessThan(12)
})

test('however many webhooks fail, they leave room for those that do not', async () => {
  dead.answer = () => never
  const failing: string[] = []
  const underWayTo = async (ids: readonly string[]) =>
    (await Promise.all(ids.map(underWay))).reduce((sum, count) => sum + count, 0)
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const id = await project(`failing-${name}`)
    for (let n = 0; n < 6; n++) failing.push(await webhookIn(id, dead))
    // As if they had failed before.
    await domain.sql`update webhooks set failing_since = now()`
    await appearIn(id, 1)
  }
  await expect.poll(() => underWayTo(failing)).toBe(8)
  const other = await project('other')
  await webhookIn(other, alive)
  await appearIn(other, 5)
  await expect.poll(() => alive.received.length).toBe(5)
  expect(await underWayTo(failing)).toBeLessThanOrEqual(8)
})

test('one with hundreds of resources to tell of does not keep another one’s first event waiting for all of them', async () => {
  dead.answer = () => never
  const silent = await webhookIn(defaultProjectId, dead)
  const other = await project('other')
  await webhookIn(other, alive)
  await domain.sql.begin(async (tx) => {
    const happen = happeningsIn(tx)
    for (let n = 0; n < 600; n++) await happen.appear(`many-${n}`)
    await happen.appear('one', other)
  })
  await expect.poll(() => alive.received.length).toBe(1)
  const begun = await domain.sql`
    select from pgboss.job where name = 'webhook-deliveries' and singleton_key like ${`${silent}/%`}`
  expect(begun.length).toBeLessThan(600)
})

test('one that refuses everything is left alone for a while, until somebody mends it', async () => {
  dead.answer = () => 500
  const id = await webhookIn(defaultProjectId, dead)
  await appearIn(defaultProjectId, 60)
  const paused = async () =>
    (await domain.sql`select from webhooks where id = ${id} and paused_until > now()`).length === 1
  await expect.poll(paused).toBe(true)
  expect(dead.received.length).toBeLessThan(20)

  dead.answer = () => 204
  await domain.plane.webhooks.update(alice, { id, url: `${dead.url}&mended=yes` })
  await expect.poll(() => domain.sql`select from webhook_deliveries where state = 'pending'`).toHaveLength(0)
})
