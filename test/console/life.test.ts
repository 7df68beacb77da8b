import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'
import { markPage, rowOf, seeSuccess, tabTo } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('the life of an instance in the console (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('an instance is made, connected to and removed in the browser alone, and nothing of it is left', async () => {
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByText('No instances yet').waitFor()
    await keep('no instances')

    // Another tab, where nobody does anything.
    const table = await page.context().newPage()
    await table.goto('/console/')
    await table.getByText('No instances yet').waitFor()
    const isTheSame = await markPage(table)

    await page.getByRole('link', { name: 'New instance' }).first().click()
    await page.getByLabel('Name').fill('Bad_Name')
    await page.getByText('A name is 1 to 40 characters').waitFor()
    await page.getByLabel('Name').fill('orders')
    const plan = page.getByRole('region', { name: 'The plan' })
    await plan.getByText('mark-running').waitFor()
    expect(await plan.locator('li .mono').allTextContents()).toEqual([
      'reserve',
      'deploy',
      'await-ready',
      'verify',
      'mark-running',
    ])
    await page.getByLabel('Labels').fill('Team=payments')
    await page.getByText('The name of a label').waitFor()
    expect(await page.getByRole('button', { name: 'Create instance' }).isEnabled()).toBe(true)
    await page.getByLabel('Labels').fill("team=payments\nnote=it's ours")
    await page
      .getByText(String.raw`toygres create orders --label 'team=payments' --label 'note=it'\''s ours'`)
      .waitFor()
    await plan.getByText('mark-running').waitFor()
    await keep('new instance, filled in')
    await page.getByRole('button', { name: 'Create instance' }).click()
    await seeSuccess(page)

    const row = rowOf(table, 'orders')
    await row.getByText('running').waitFor()
    await row.getByText('healthy', { exact: true }).waitFor()
    expect(await row.textContent()).toContain('127.0.0.1:')

    await page.getByRole('link', { name: 'orders' }).click()
    const connect = page.getByRole('region', { name: 'Connect' })
    const text = connect.getByLabel('Text to copy')
    expect(await text.textContent()).toContain('••••••••')
    await connect.getByRole('button', { name: 'Reveal password' }).click()
    await connect.getByRole('button', { name: 'Hide password' }).waitFor()
    await connect.getByRole('button', { name: 'Copy' }).click()
    await connect.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toBe(await text.textContent())
    expect(await answerOf(copied)).toBe(42)
    await connect.getByRole('button', { name: 'postgres.js' }).click()
    expect(await text.textContent()).toContain(`postgres('${copied}')`)

    const sdk = await world.plane.sdk()
    const { id, labels } = await sdk.instances.get('orders')
    expect(labels).toEqual({ team: 'payments', note: "it's ours" })
    const [revealed] = (await sdk.audit.list({ resourceId: id })).items
    expect(revealed).toMatchObject({ action: 'instances.connection', outcome: 'done', resourceId: id })

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Delete orders' }).click()
    const dialog = page.getByRole('alertdialog')
    const confirm = dialog.getByRole('button', { name: 'Delete for good' })
    await dialog.getByRole('textbox').fill('order')
    expect(await confirm.isDisabled()).toBe(true)
    await keep('delete')
    await dialog.getByRole('textbox').fill('orders')
    await confirm.click()
    await seeSuccess(page)

    await table.getByText('No instances yet').waitFor()
    expect(await isTheSame()).toBe(true)
    expect(complaints).toEqual([])
    expect(await readdir(join(world.plane.home, 'instances'))).toEqual([])
    expect(await readdir(join(world.plane.home, 'ports'))).toEqual([])
    await expect(answerOf(copied)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('by the keyboard alone an instance is made, found and removed', async () => {
    await using visit = await world.visit()
    const { page, complaints } = visit
    const { keyboard } = page
    await page.getByLabel('API key').waitFor()
    await keyboard.type(await world.plane.apiKey())
    await keyboard.press('Enter')
    await page.getByText('No instances yet').waitFor()

    await tabTo(page, page.getByRole('link', { name: 'New instance' }).first())
    await keyboard.press('Enter')
    await page.getByLabel('Name').waitFor()
    await keyboard.type('typed')
    await keyboard.press('Enter')
    await seeSuccess(page)

    await keyboard.press('Control+k')
    await page.getByLabel('Search instances, pages and commands').waitFor()
    await keyboard.type('typed')
    await page.getByRole('option', { name: 'typed' }).waitFor()
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'typed', exact: true }).waitFor()

    await tabTo(page, page.getByRole('link', { name: 'Settings' }))
    await keyboard.press('Enter')
    await tabTo(page, page.getByRole('button', { name: 'Delete typed' }))
    await keyboard.press('Enter')
    await tabTo(page, page.getByRole('alertdialog').getByRole('textbox'))
    await keyboard.type('typed')
    await keyboard.press('Enter')
    await seeSuccess(page)
    expect(complaints).toEqual([])
  })
})

async function answerOf(connectionString: string): Promise<number> {
  const sql = postgres(connectionString, { max: 1, fetch_types: false })
  try {
    const [row] = await sql<{ answer: number }[]>`select 6 * 7 as answer`
    return row?.answer ?? 0
  } finally {
    await sql.end()
  }
}
