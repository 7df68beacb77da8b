import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { rowOf } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('two browsers (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
    await (await world.plane.sdk()).instances.create({ name: 'shared' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const every = (page: Visit['page']) => page.getByLabel('Health check every (seconds)')
  const labels = (page: Visit['page']) => page.getByLabel('Labels')
  const save = (page: Visit['page']) => page.getByRole('button', { name: 'Save' }).click()
  const openSettings = async (page: Visit['page']) => {
    await page.goto('/console/instances/shared/settings')
    await page.getByRole('heading', { name: 'Danger zone' }).waitFor()
    await page.locator('[data-connection=live]').waitFor()
  }
  const conflict = (page: Visit['page']) =>
    page.getByRole('alert').filter({ hasText: 'Somebody else has changed these settings meanwhile' })

  test('what is done in one is seen in the other as it happens', async () => {
    await using mine = await world.signedIn()
    await using theirs = await world.signedIn()
    await theirs.page.goto('/console/instances/new')
    await theirs.page.getByLabel('Name').fill('sudden')
    await theirs.page.getByRole('button', { name: 'Create instance' }).click()
    await rowOf(mine.page, 'sudden').getByText('running').waitFor()

    await openSettings(mine.page)
    await openSettings(theirs.page)
    await labels(theirs.page).fill('team=theirs')
    await save(theirs.page)
    // Nothing was typed here: the form shows what is so now.
    await expect.poll(() => labels(mine.page).inputValue()).toBe('team=theirs')
    expect(await conflict(mine.page).count()).toBe(0)
    expect([...mine.complaints, ...theirs.complaints]).toEqual([])
  })

  test('who has typed is told of what the other saved, before saving; both ways out work', async () => {
    await using mine = await world.signedIn()
    await using theirs = await world.signedIn()
    await openSettings(mine.page)
    await openSettings(theirs.page)

    await every(mine.page).fill('45')
    await every(theirs.page).fill('60')
    await save(theirs.page)
    await conflict(mine.page).waitFor()
    expect(await conflict(mine.page).textContent()).toContain('a check every 60 seconds')
    await mine.keep('settings in conflict')
    await mine.page.getByRole('button', { name: 'Take theirs' }).click()
    expect(await every(mine.page).inputValue()).toBe('60')

    await every(mine.page).fill('45')
    await every(theirs.page).fill('90')
    await save(theirs.page)
    await mine.page.getByRole('button', { name: 'Keep mine' }).click()
    await save(mine.page)
    await expect.poll(() => every(theirs.page).inputValue()).toBe('45')
    expect([...mine.complaints, ...theirs.complaints]).toEqual([])
  })

  test('a change that nobody was told of is not overwritten either: the control plane refuses, and the form says why', async () => {
    await using mine = await world.signedIn()
    const { page } = mine
    // Deaf from here on.
    await page.route('**/trpc/instances.watch*', (route) => route.abort())
    await page.goto('/console/instances/shared/settings')
    await page.locator('[data-connection=lost]').waitFor()
    await every(page).fill('20')
    const sdk = await world.plane.sdk()
    await sdk.instances.update('shared', { labels: { team: 'ours' } })
    await save(page)
    await page.getByText('Somebody else has changed this instance meanwhile').waitFor()
    expect(await sdk.instances.get('shared')).toMatchObject({ healthCheckIntervalSeconds: 45 })
    // It has been read again: what was typed stays, what the other did is seen.
    expect(await every(page).inputValue()).toBe('20')
    expect(await labels(page).inputValue()).toBe('team=ours')
    await save(page)
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await sdk.instances.get('shared')).toMatchObject({
      healthCheckIntervalSeconds: 20,
      labels: { team: 'ours' },
    })
  })
})
