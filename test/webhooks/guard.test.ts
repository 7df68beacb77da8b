import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { happeningsIn } from './happenings.ts'
import { openReceiver, type Receiver } from './receiver.ts'

let domain: Domain
let receiver: Receiver
beforeAll(async () => {
  domain = await openDomain()
  receiver = await openReceiver()
})
afterAll(async () => {
  await domain[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const create = (url: string) => domain.plane.webhooks.create(alice, { url, kinds: ['instance.creating'] })

test.for([
  'http://example.test/hook',
  'https://localhost/hook',
  'https://127.0.0.1/hook',
  'https://2130706433/hook',
  'https://0x7f.1/hook',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/hook',
  'https://[::1]/hook',
  'https://[::ffff:127.0.0.1]/hook',
  'https://[fd00::1]/hook',
])('%s is refused when it is asked for', async (url) => {
  await expect(create(url)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('a name that leads to this machine is refused when something is sent: not a byte leaves', async () => {
  const { webhook } = await create('https://example.test/hook')
  // As if its name had begun to lead elsewhere after it was checked: names are looked up when they are connected to.
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    await domain.sql`update webhooks set url = ${`http://${host}:${receiver.port}/hook`}`
    await domain.sql`delete from webhook_deliveries`
    await happeningsIn(domain.sql).appear(`probe-${host.replaceAll(/[^a-z0-9]+/g, '')}-x`)
    await expect
      .poll(
        async () => (await domain.plane.webhooks.deliveries(alice, { id: webhook.id, limit: 1 })).items[0],
      )
      .toMatchObject({ status: null, error: expect.stringContaining('not a public address') as string })
  }
  expect(receiver.connections).toBe(0)
})

test('a project has twenty webhooks at most', async () => {
  const { items } = await domain.plane.webhooks.list(alice, { limit: 100 })
  const tried = await Promise.allSettled(
    Array.from({ length: 25 - items.length }, (_, n) => create(`https://example.test/${n}`)),
  )
  const refused = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  expect(refused).toHaveLength(5)
  expect(refused[0]).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    details: { quota: { of: 'webhooks', limit: 20, used: 20 } },
  })
})
