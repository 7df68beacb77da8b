import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'

describe.skipIf(!hasBrowser)('the log and the events of an instance in the console (needs Chromium)', () => {
  let world: ConsoleWorld
  let connectionString: string
  beforeAll(async () => {
    world = await openConsoleWorld()
    const sdk = await world.plane.sdk()
    const { id } = await sdk.instances.create({ name: 'orders' }).wait()
    ;({ connectionString } = await sdk.instances.connection(id))
  })
  afterAll(() => world[Symbol.asyncDispose]())

  /** Has the instance's PostgreSQL write this to its log. */
  async function write(level: 'log' | 'warning', text: string): Promise<void> {
    const sql = postgres(connectionString, { max: 1, fetch_types: false, onnotice: () => {} })
    await sql.unsafe(`do $$ begin raise ${level} '${text}'; end $$`)
    await sql.end()
  }

  test('new lines come by themselves; they can be held, found, and cut down to what is wrong', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    await page.goto('/console/instances/orders/logs')
    await page.getByText('ready to accept connections').first().waitFor()

    await write('warning', 'the first cat')
    await page.getByText('the first cat').first().waitFor()

    await page.getByRole('button', { name: 'Pause' }).click()
    await write('log', 'the second cat')
    await page.getByRole('button', { name: /Go on \(\d+ new\)/ }).waitFor()
    expect(await page.getByText('the second cat').count()).toBe(0)
    await page.getByRole('button', { name: /Go on/ }).click()
    await page.getByText('the second cat').first().waitFor()

    await page.getByLabel('Search the log').fill('FIRST CAT')
    await page.getByText('the second cat').first().waitFor({ state: 'detached' })
    expect(await page.locator('.log p').count()).toBe(1)
    await page.getByLabel('Search the log').fill('')
    await page.getByLabel('Level').selectOption('warning')
    await page.getByText('the second cat').first().waitFor({ state: 'detached' })
    expect(await page.locator('.log p[data-level=info]').count()).toBe(0)
    expect(await page.locator('.log p[data-level=warning]').count()).toBeGreaterThan(0)

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy what is shown' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toContain('the first cat')
    expect(copied).not.toContain('the second cat')
    expect(complaints).toEqual([])
  })

  test('events come by themselves, step by step, and lead to their operation', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    const sdk = await world.plane.sdk()
    const { id } = await sdk.instances.create({ name: 'short-lived' }).wait()
    await page.goto(`/console/instances/${id}/events`)
    await page.locator('[data-what=create-instance][data-step=deploy][data-state=succeeded]').waitFor()
    expect(await page.locator('[data-what=delete-instance]').count()).toBe(0)

    const { operation } = await sdk.instances.delete(id)
    await page.locator('[data-what=delete-instance][data-step=remove][data-state=succeeded]').waitFor()
    await page.locator('[data-what=delete-instance]:not([data-step])[data-state=succeeded]').waitFor()

    await page.getByRole('button', { name: 'Health', exact: true }).click()
    await page.locator('[data-what=delete-instance]').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Everything' }).click()
    await page.getByRole('link', { name: 'delete-instance' }).first().click()
    await page.waitForURL(`**/operations/${operation.id}`)
    expect(complaints).toEqual([])
  })
})
