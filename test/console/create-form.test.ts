import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { listenToCalls } from './harness/calls.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'
import { seeSuccess } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('the form of a new instance (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
    await (await world.plane.sdk()).instances.create({ name: 'taken' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const plan = (page: Page) => page.getByRole('region', { name: 'The plan' })
  const pressCreate = (page: Page) => page.getByRole('button', { name: 'Create instance' }).click()

  /** What is said to be wrong with a field, to who looks and to who listens; null if nothing is. */
  async function wrongWith(page: Page, field: string): Promise<string | null> {
    const input = page.getByLabel(field, { exact: true })
    if ((await input.getAttribute('aria-invalid')) !== 'true') return null
    return page.locator(`[id="${await input.getAttribute('aria-describedby')}"]`).textContent()
  }

  /** In a page whose time can be moved on, and stopped. */
  async function openForm(page: Page, search = ''): Promise<void> {
    await page.clock.install()
    await page.goto(`/console/instances/new${search}`)
    await page.getByLabel('Name').waitFor()
    await page.locator('[data-connection=live]').waitFor()
  }

  /** Longer than it takes until what is typed is planned. */
  const pauseInTyping = (page: Page) => page.clock.runFor(2_000)

  const rules = [
    { field: 'Name', bad: 'Bad_Name', why: /^A name is 1 to 40 characters/, good: 'orders' },
    {
      field: 'Health check every (seconds)',
      bad: '4',
      why: /^A health check runs every 5 seconds at most/,
      good: '5',
    },
    { field: 'Labels', bad: 'Team=payments', why: /^The name of a label is/, good: 'team=payments' },
  ]

  test('says at the field what is wrong as it is typed, and sends nothing before that is mended', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    await openForm(page)
    const calls = listenToCalls(page, 'instances.create')
    for (const { field, bad, why, good } of rules) {
      await page.getByLabel(field, { exact: true }).fill(bad)
      await expect.poll(() => wrongWith(page, field)).toMatch(why)
      await pauseInTyping(page)
      await plan(page).getByText('as soon as there is a name').waitFor()
      await pressCreate(page)
      expect(await wrongWith(page, field)).toMatch(why)
      expect(calls.taken()).toEqual([])

      await page.getByLabel(field, { exact: true }).fill(good)
      await expect.poll(() => wrongWith(page, field)).toBe(null)
      await pauseInTyping(page)
      await plan(page).getByText('mark-running').waitFor()
      expect(calls.taken()).toEqual(['plan of instances.create'])
    }
    await pressCreate(page)
    await seeSuccess(page)
    expect(calls.taken()).toEqual(['instances.create'])
    expect(await (await world.plane.sdk()).instances.get('orders')).toMatchObject({
      healthCheckIntervalSeconds: 5,
      labels: { team: 'payments' },
    })
    expect(complaints).toEqual([])
  })

  test('says at the field that a name is taken, as the plan has it, and of no other name', async () => {
    await using visit = await world.signedIn()
    const { page } = visit
    await openForm(page)
    const calls = listenToCalls(page, 'instances.create')
    await page.getByLabel('Name').fill('taken')
    await pauseInTyping(page)
    const why = 'The name taken is taken by an instance that is running: choose another, or delete that one.'
    await expect.poll(() => wrongWith(page, 'Name')).toBe(why)
    await plan(page).getByText(why).waitFor()

    // The time stands still: nobody is asked about this one yet.
    await page.clock.pauseAt(await page.evaluate<number>('Date.now() + 60_000'))
    calls.taken()
    await page.getByLabel('Name').fill('taken-2')
    await page.getByText('toygres create taken-2').waitFor()
    expect(await wrongWith(page, 'Name')).toBe(null)
    expect(calls.taken()).toEqual([])
    await page.clock.resume()
    await plan(page).getByText('mark-running').waitFor()
    expect(await wrongWith(page, 'Name')).toBe(null)
  })

  test('says in place of the plan that there is no room, and makes the instance when there is', async () => {
    const sdk = await world.plane.sdk()
    await sdk.projects.create({ name: 'full', quota: { instances: 0 } })
    await using visit = await world.signedIn()
    const { page } = visit
    await openForm(page, '?project=full')
    const calls = listenToCalls(page, 'instances.create')
    await page.getByLabel('Name').fill('orders')
    await pauseInTyping(page)
    await plan(page).getByText('The project may have 0 instances and has 0').waitFor()
    // No other name would do.
    expect(await wrongWith(page, 'Name')).toBe(null)
    expect(calls.taken()).toEqual(['plan of instances.create'])

    await sdk.projects.update('full', { quota: { instances: 1 } })
    await pressCreate(page)
    await seeSuccess(page)
  })
})
