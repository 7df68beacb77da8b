import { createToygres } from '@toygres/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'

describe.skipIf(!hasBrowser)('webhooks, keys and the audit log in the console (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  /** What is told once, and stays nowhere. */
  async function takeSecret(page: Visit['page']): Promise<string> {
    const secret = await page.getByLabel('Text to copy').innerText()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText(secret).waitFor({ state: 'detached' })
    return secret.trim()
  }

  test('a webhook is made, changed, disabled, sent again and deleted', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    const sdk = await world.plane.sdk()
    await page.goto('/console/webhooks')
    await page.getByText('No webhooks yet').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByLabel('URL').fill('ftp://example.com')
    await page.getByText(/A webhook is an https/).waitFor()
    await page.getByLabel('URL').fill('https://hooks.example.com/toygres')
    expect(await page.getByRole('button', { name: 'Make the webhook' }).isDisabled()).toBe(true)
    await page.getByLabel('instance.running').check()
    await page.getByRole('button', { name: 'Make the webhook' }).click()
    await page.getByRole('heading', { name: 'The webhook is made' }).waitFor()
    expect(await takeSecret(page)).toMatch(/^whsec_/)

    await page.getByRole('link', { name: 'https://hooks.example.com/toygres' }).click()
    await page.getByText('Nothing was sent').waitFor()
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByLabel('instance.failed').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('listitem').getByText('instance.failed').waitFor()

    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('disabled', { exact: true }).waitFor()
    const [webhook] = (await sdk.webhooks.list()).items
    expect(webhook).toMatchObject({ kinds: ['instance.running', 'instance.failed'] })
    expect(webhook?.disabledAt).toBeInstanceOf(Date)
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('enabled', { exact: true }).waitFor()

    await sdk.instances.create({ name: 'orders' }).wait()
    await page.reload()
    await page.getByRole('row', { name: 'instance.running' }).first().waitFor()
    await page.getByRole('button', { name: 'Send again: instance.running' }).first().click()
    await page.getByText('instance.running is sent again').waitFor()

    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No webhooks yet').waitFor()
    expect((await sdk.webhooks.list()).items).toEqual([])
    expect(complaints).toEqual([])
  })

  test('a key is made, rotated and revoked; the old one opens nothing when it is told so', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    const url = await world.plane.url()
    const opens = (apiKey: string) =>
      createToygres({ url, apiKey })
        .instances.list()
        .then(
          () => true,
          () => false,
        )
    await page.goto('/console/keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByLabel('Name').fill('ci')
    await page.getByRole('button', { name: 'Make the key' }).click()
    const first = await takeSecret(page)
    expect(await opens(first)).toBe(true)

    await page.getByRole('button', { name: 'Rotate ci' }).click()
    await page.getByLabel('The old one still opens').selectOption('0')
    await page.getByRole('button', { name: 'Make the new key' }).click()
    const second = await takeSecret(page)
    expect([await opens(first), await opens(second)]).toEqual([false, true])

    await page.getByRole('button', { name: 'Revoke ci' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('ci is revoked').waitFor()
    expect(await opens(second)).toBe(false)
    expect(complaints).toEqual([])
  })

  test('the audit log calls things by their names, also what is gone by now', async () => {
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'short-lived' }).wait()
    await sdk.instances.delete('short-lived').wait()
    await sdk.projects.create({ name: 'team-a' })
    await sdk.webhooks.create({ url: 'https://hooks.example.com/audited', kinds: ['instance.running'] })
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    await page.goto('/console/audit')
    const row = (action: string, name: string) =>
      page.getByRole('row', { name: action }).filter({ hasText: name }).first().waitFor()
    await row('instances.create', 'short-lived')
    await row('instances.delete', 'short-lived')
    await row('webhooks.create', 'https://hooks.example.com/audited')
    await page.goto('/console/audit?project=team-a')
    await row('projects.create', 'team-a')
    expect(complaints).toEqual([])
  })

  test('the audit log tells who did what, page by page, and of one instance or one key', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    const sdk = await world.plane.sdk()
    const { id } = await sdk.instances.create({ name: 'ledger' }).wait()
    await sdk.instances.connection(id)
    for (let at = 0; at < 60; at += 1) await sdk.instances.update(id, { labels: { at: String(at) } })
    await page.goto('/console/audit')
    await page.getByRole('row', { name: 'instances.update' }).first().waitFor()
    expect(await page.locator('.audit tbody tr').count()).toBe(50)
    await page.getByRole('button', { name: 'Show older ones' }).click()
    await page.getByRole('row', { name: 'instances.create' }).first().waitFor()

    await page.getByLabel(/^About what/).fill('ledger')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(`**/audit?about=${id}`)
    await page.getByRole('button', { name: 'Show older ones' }).click()
    await page.getByRole('row', { name: 'instances.connection' }).waitFor()
    expect(await page.getByRole('row', { name: 'keys.create' }).count()).toBe(0)

    await page.getByLabel(/^About what/).fill('')
    await page.getByLabel('By whom').fill('api-key:0000000000000000')
    await page.getByLabel('By whom').press('Enter')
    await page.getByText('There are no such entries').waitFor()
    await page.getByRole('button', { name: 'Show everything' }).click()
    await page.getByRole('row', { name: 'instances.update' }).first().waitFor()
    expect(complaints).toEqual([])
  })
})
