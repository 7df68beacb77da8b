import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { rowOf } from './harness/stories.ts'

type Page = Visit['page']

describe.skipIf(!hasBrowser)('the list of instances (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'orders' }).wait()
    await sdk.instances.create({ name: 'billing', version: '17' }).wait()
    await sdk.instances.create({ name: 'orders-archive', version: '16' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const names = (page: Page) => page.locator('tbody th').allInnerTexts()
  const sortBy = (page: Page, column: string) =>
    page.getByRole('button', { name: column, exact: true }).click()
  const openList = async (page: Page) => {
    await page.goto('/console/')
    await rowOf(page, 'billing').getByText('running').waitFor()
  }

  test('is searched, filtered and sorted; the address says how, and leads back to the same', async () => {
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    await openList(page)
    expect(await names(page)).toEqual(['orders-archive', 'billing', 'orders'])

    await sortBy(page, 'Name')
    await expect.poll(() => names(page)).toEqual(['billing', 'orders', 'orders-archive'])
    await sortBy(page, 'Name')
    await expect.poll(() => names(page)).toEqual(['orders-archive', 'orders', 'billing'])
    await page
      .getByRole('columnheader', { name: 'Name' })
      .and(page.locator('[aria-sort=descending]'))
      .waitFor()
    await sortBy(page, 'Version')
    await expect.poll(() => names(page)).toEqual(['orders-archive', 'billing', 'orders'])
    await sortBy(page, 'Created')
    await expect.poll(() => names(page)).toEqual(['orders', 'billing', 'orders-archive'])

    await page.getByLabel('Search by name or id').fill('ORDERS')
    await expect.poll(() => names(page)).toEqual(['orders', 'orders-archive'])
    await page.getByText('2 of 3').waitFor()
    await keep('instances that were searched for')
    await page.reload()
    await rowOf(page, 'orders').first().waitFor()
    expect(await names(page)).toEqual(['orders', 'orders-archive'])
    expect(await page.getByLabel('Search by name or id').inputValue()).toBe('ORDERS')
    const { id } = await (await world.plane.sdk()).instances.get('billing')
    await page.getByLabel('Search by name or id').fill(id)
    await expect.poll(() => names(page)).toEqual(['billing'])

    await page.getByLabel('Search by name or id').fill('')
    await page.getByLabel('Health').selectOption('unhealthy')
    await page.getByText('None of them is like that').waitFor()
    await page.getByLabel('Health').selectOption('')
    await page.getByLabel('State').selectOption('failed')
    await page.getByRole('button', { name: 'Show all 3' }).click()
    await expect.poll(() => names(page)).toHaveLength(3)
    expect(complaints).toEqual([])
  })

  test('what was selected and is filtered out, or gone, is not deleted with the rest', async () => {
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'orders-old' }).wait()
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    await openList(page)
    const selected = page.getByRole('region', { name: 'Selected instances' })
    await page.getByLabel('Select all that are shown').check()
    await selected.getByText('4 instances selected').waitFor()
    await page.getByLabel('Search by name or id').fill('orders')
    await selected.getByText('3 instances selected').waitFor()
    await page.getByLabel('Select orders', { exact: true }).uncheck()
    await selected.getByText('2 instances selected').waitFor()
    await selected.getByRole('button', { name: 'Clear the selection' }).click()
    await selected.waitFor({ state: 'detached' })

    await page.getByLabel('Select all that are shown').check()
    await sdk.instances.delete('orders-old').wait()
    await selected.getByText('2 instances selected').waitFor()
    await selected.getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Delete 2 instances?').waitFor()
    expect(await dialog.textContent()).toMatch(/orders-archive, orders\b|orders, orders-archive/)
    const confirm = dialog.getByRole('button', { name: 'Delete' })
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('delete 3')
    expect(await confirm.isDisabled()).toBe(true)
    await keep('delete several')
    await dialog.getByRole('textbox').fill('delete 2')
    await confirm.click()
    await page.getByText('Deleting 2 instances').waitFor()
    await page.getByText('None of them is like that').waitFor()
    await page.getByRole('button', { name: 'Show all 1' }).click()
    await expect.poll(() => names(page)).toEqual(['billing'])
    expect(complaints).toEqual([])
  })
})
