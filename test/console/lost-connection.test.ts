import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../harness/free-port.ts'
import { holdCreates } from '../harness/hold-creates.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'
import { markPage, rowOf, seeSuccess, shownEvents } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('a console whose connection is lost (needs Chromium)', () => {
  let database: TestDatabase
  let world: ConsoleWorld
  beforeAll(async () => {
    database = await createEmptyDatabase()
    // The address that the browser has stays the same over a restart.
    const port = await freePort()
    world = await openConsoleWorld({ args: ['--database-url', database.url, '--port', String(port)] })
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await database.drop()
  })

  test('says so when the server is killed, and goes on when it is back: no event is lost, and none shown twice', async () => {
    await using visit = await world.signedIn()
    const { page, keep } = visit
    const table = await page.context().newPage()
    await table.goto('/console/')
    await table.locator('[data-connection=live]').waitFor()
    const isTheSame = [await markPage(table)]

    await using held = await holdCreates(database.url)
    const creating = (await world.plane.sdk()).instances.create({ name: 'survivor' })
    const { operation } = await creating
    await page.goto(`/console/operations/${operation.id}`)
    await page.locator('[data-node=reserve][data-light=now]').waitFor()
    await page.getByText('operation running').waitFor()
    isTheSame.push(await markPage(page))
    await rowOf(table, 'survivor').getByText('creating').waitFor()

    await world.plane.kill()
    for (const one of [page, table]) {
      await one.getByText('The control plane cannot be reached.').waitFor()
      await one.locator('[data-connection=lost]').waitFor()
    }
    // What was known is still shown.
    expect(await rowOf(table, 'survivor').textContent()).toContain('creating')
    await keep('connection lost')

    // A page that was never opened says what is the matter, and what can be done.
    await table.getByRole('link', { name: 'System' }).click()
    await table.getByText('The control plane says nothing about itself').waitFor()
    await table.getByRole('button', { name: 'Try again' }).waitFor()

    await held[Symbol.asyncDispose]()
    await world.plane.up()
    for (const one of [page, table]) await one.locator('[data-connection=live]').waitFor()
    await seeSuccess(page)
    // Nobody has to ask again.
    await table.getByText('operation-steps').waitFor()
    await table.getByRole('link', { name: 'Instances', exact: true }).click()
    await rowOf(table, 'survivor').getByText('running').waitFor()

    const happened = []
    for await (const { seq } of (await world.plane.sdk()).operations.watch(operation.id)) happened.push(seq)
    expect(await shownEvents(page)).toEqual(happened)
    for (const one of isTheSame) expect(await one()).toBe(true)
  })

  test('says so when the browser has no network, and shows what happened meanwhile when it has', async () => {
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'old' }).wait()
    await using visit = await world.signedIn()
    const { page } = visit
    await rowOf(page, 'old').getByText('running').waitFor()
    const isTheSame = await markPage(page)

    await page.context().setOffline(true)
    await page.getByText('The control plane cannot be reached.').waitFor()
    await (await sdk.instances.delete('old')).operation.wait()
    await sdk.instances.create({ name: 'new' }).wait()
    expect(await rowOf(page, 'old').textContent()).toContain('running')

    await page.context().setOffline(false)
    await page.locator('[data-connection=live]').waitFor()
    await rowOf(page, 'new').getByText('running').waitFor()
    await expect.poll(() => rowOf(page, 'old').count()).toBe(0)
    expect(await page.getByText('The control plane cannot be reached.').count()).toBe(0)
    expect(await isTheSame()).toBe(true)
  })
})
