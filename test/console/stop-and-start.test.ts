import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'
import { rowOf } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('an instance is stopped and started in the console (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
    await (await world.plane.sdk()).instances.create({ name: 'orders' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('who stops it is asked before anybody is cut off, and starts it again by one click', async () => {
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    const table = await page.context().newPage()
    await table.goto('/console/')
    await page.goto('/console/instances/orders')
    const stop = page.getByRole('button', { name: 'Stop', exact: true })
    const start = page.getByRole('button', { name: 'Start', exact: true })

    await stop.click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Whoever is connected is cut off').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    await stop.click()
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click()

    await start.waitFor()
    await page.getByText('Start it to connect to it.').waitFor()
    expect(await stop.count()).toBe(0)
    await keep('stopped')
    await rowOf(table, 'orders').getByText('stopped', { exact: true }).waitFor()

    await start.click()
    await stop.waitFor()
    await rowOf(table, 'orders').getByText('running').waitFor()
    await rowOf(table, 'orders').getByText('healthy', { exact: true }).waitFor()
    expect(complaints).toEqual([])
  })
})
