import { expect, test } from 'vitest'
import { InstanceState } from './instance.ts'
import { CreateWebhook, WebhookEventKind } from './webhook.ts'

test.each([
  '',
  'hooks',
  'https://',
  'ftp://example.com',
  'https://me:pass@example.com',
  'javascript:alert(1)',
])('%j is refused as the URL of a webhook, in words', (url) => {
  const { error } = CreateWebhook.safeParse({ url, kinds: ['instance.running'] })
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['url'], expect.stringContaining('a webhook is an https:// URL')],
  ])
})

test('a webhook is an address on the web', () => {
  const asked = { url: 'https://hooks.example.com/toygres', kinds: ['instance.running'] }
  expect(CreateWebhook.parse(asked)).toEqual(asked)
})

test('every state that an instance can be in is an event', () => {
  // The database makes their names of the states.
  const events = InstanceState.options.map((state) => `instance.${state}`)
  expect(WebhookEventKind.options).toEqual(expect.arrayContaining(events))
})
