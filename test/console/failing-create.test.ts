import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { holdCreates } from '../harness/hold-creates.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { takeAllPorts } from '../harness/take-all-ports.ts'
import { barriersInEveryLook } from './harness/axe.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { focusOf, operationOn, rowOf, seeSuccess, shownEvents } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('a creation that does not work, in the console (needs Chromium)', () => {
  let database: TestDatabase
  let world: ConsoleWorld
  beforeAll(async () => {
    database = await createEmptyDatabase()
    world = await openConsoleWorld({ args: ['--database-url', database.url] })
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await database.drop()
  })

  test('its page says at which step and why; tried again when the reason is gone, it goes on live', async () => {
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    const giveBack = await takeAllPorts(world.plane.home)
    await create(page, 'unlucky')

    const trouble = page.getByRole('alert').filter({ hasText: 'It did not work at the step deploy' })
    await trouble.waitFor()
    expect(await trouble.textContent()).toMatch(
      /No port from \d+ to \d+ is free: delete an instance.*NO_FREE_PORT/,
    )
    await page.locator('[data-node=failed][data-light=failed]').waitFor()
    await page.locator('[data-step=deploy]').getByText('attempt 5', { exact: true }).waitFor()
    // Each attempt with when and why, of which the page knows by the events.
    const attempts = page.getByRole('list', { name: 'Attempts of deploy that failed' }).getByRole('listitem')
    const told = await attempts.allInnerTexts()
    expect(told.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual(
      [1, 2, 3, 4, 5].map((attempt) =>
        expect.stringMatching(
          attempt === 1
            ? /^Attempt 1 [\d.]+ m?s No port from .* NO_FREE_PORT$/
            : new RegExp(`^Attempt ${attempt} [\\d.]+ m?s The same NO_FREE_PORT$`),
        ),
      ),
    )
    await keep('operation that failed')
    expect(await barriersInEveryLook(page)).toEqual([])
    await keep('operation that failed, on a telephone')

    // Where somebody would look for it.
    const elsewhere = await page.context().newPage()
    await elsewhere.goto('/console/')
    await rowOf(elsewhere, 'unlucky').getByText('failed').waitFor()
    await elsewhere.getByRole('link', { name: 'unlucky' }).click()
    await elsewhere.getByText(/No port from \d+ to \d+ is free/).waitFor()

    await giveBack()
    await page.getByRole('button', { name: 'Try again' }).press('Enter')
    await seeSuccess(page)
    // What was pressed is gone; who pressed it is still where that was.
    await expect.poll(() => focusOf(page)).not.toBe('body')
    await expect.poll(() => trouble.count()).toBe(0)
    await elsewhere.getByText('running').first().waitFor()
    expect(await shownEvents(page)).toEqual(await eventsOf(operationOn(page)))
    expect(complaints).toEqual([])
  })

  test('one that takes too long is cancelled, and what it did is undone', async () => {
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    {
      await using _ = await holdCreates(database.url)
      await create(page, 'unwanted')
      await page.locator('[data-node=reserve][data-light=now]').waitFor()
      await keep('operation under way')
      await page.getByRole('button', { name: 'Cancel' }).press('Enter')
      await page.getByText('cancelling').first().waitFor()
      await expect.poll(() => focusOf(page)).not.toBe('body')
    }
    await page.getByText('operation cancelled').waitFor()
    await page.locator('[data-node=failed][data-light=undone]').waitFor()
    await page.getByRole('link', { name: 'Instances', exact: true }).click()
    await page.getByRole('heading', { name: 'Instances' }).waitFor()
    await expect.poll(() => rowOf(page, 'unwanted').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  async function create(page: Visit['page'], name: string): Promise<void> {
    await page.goto('/console/instances/new')
    await page.getByLabel('Name').fill(name)
    await page.getByRole('button', { name: 'Create instance' }).click()
    await page.getByRole('heading', { name: 'create-instance' }).waitFor()
  }

  async function eventsOf(operation: string): Promise<number[]> {
    const seqs = []
    for await (const { seq } of (await world.plane.sdk()).operations.watch(operation)) seqs.push(seq)
    return seqs
  }
})
