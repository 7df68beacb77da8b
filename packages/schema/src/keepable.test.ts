import { expect, test } from 'vitest'
import { ListAudit } from './audit.ts'
import { ReadLogs } from './logs.ts'
import { GetHealthHistory, ListInstances } from './requests.ts'
import { CreateWebhook } from './webhook.ts'

// What PostgreSQL cannot keep, or be asked about, is refused at the border, and not by an error of its own.

/** The fields that are refused. */
const refusedIn = (parsed: { error?: { issues: { path: PropertyKey[] }[] } }) =>
  parsed.error?.issues.map(({ path }) => path.join('.')) ?? []

test.each(['\0', 'a\0b', '\uD800'])('a text with %j is refused', (text) => {
  expect(refusedIn(ListAudit.safeParse({ subject: text, resourceId: text }))).toEqual([
    'resourceId',
    'subject',
  ])
  expect(refusedIn(ListInstances.safeParse({ cursor: text }))).toEqual(['cursor'])
  expect(refusedIn(ReadLogs.safeParse({ id: 'orders', lastEventId: text }))).toEqual(['lastEventId'])
  const webhook = { url: `https://hook.test/${text}`, kinds: ['instance.failed'] }
  expect(refusedIn(CreateWebhook.safeParse(webhook))).toEqual(['url'])
})

test.each(['0000-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '+010000-01-01T00:00:00Z', 8.64e15, -8.64e15])(
  'the moment %s is refused',
  (moment) => {
    const [from, to] = [new Date(moment), new Date(moment)]
    expect(refusedIn(GetHealthHistory.safeParse({ id: 'orders', from, to }))).toEqual(['from', 'to'])
  },
)

test('texts in any script, and moments of these years, are taken', () => {
  expect(refusedIn(ListAudit.safeParse({ subject: 'oidc:Ægir Þórðarson 🐘' }))).toEqual([])
  const [from, to] = [new Date('0001-01-02T00:00:00Z'), new Date('9999-12-30T00:00:00Z')]
  expect(refusedIn(GetHealthHistory.safeParse({ id: 'orders', from, to }))).toEqual([])
})
