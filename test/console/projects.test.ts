import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, signIn, type ConsoleWorld } from './harness/index.ts'

describe.skipIf(!hasBrowser)('projects in the console (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'orders' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('whoever may act in several goes from one to the other; nothing of one is seen in the other', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    await page.getByRole('link', { name: 'Project default' }).click()
    await page.getByRole('button', { name: 'New project' }).click()
    await page.getByLabel('Name').fill('team-b')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await page.getByRole('row', { name: 'team-b' }).waitFor()

    await page.getByRole('link', { name: 'Instances', exact: true }).click()
    await page.getByRole('row', { name: 'orders' }).waitFor()
    await page.getByRole('button', { name: 'Project default' }).click()
    await page.getByRole('menuitemradio', { name: 'team-b' }).click()
    await page.getByText('No instances yet').waitFor()
    expect(await page.getByText('orders').count()).toBe(0)

    // What is made here is here, and the address keeps saying where that is.
    await page.getByRole('link', { name: 'New instance' }).click()
    await page.getByLabel('Name').fill('billing')
    await page.getByText('toygres create billing --project team-b').waitFor()
    await page.getByRole('button', { name: 'Create instance' }).click()
    await page.locator('[data-node=succeeded][data-light=done]').waitFor()
    expect(new URL(page.url()).searchParams.get('project')).toBe('team-b')
    await page.reload()
    await page.getByRole('link', { name: 'billing' }).first().waitFor()

    await page.getByRole('button', { name: 'Project team-b' }).click()
    await page.getByRole('menuitemradio', { name: 'default' }).click()
    await page.getByRole('row', { name: 'orders' }).waitFor()
    expect(await page.getByRole('row', { name: 'billing' }).count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('a key of a project sees that one only, also where the address says another', async () => {
    const sdk = await world.plane.sdk()
    const { secret } = await sdk.keys.create({ name: 'tenant', role: 'operator' })
    await sdk.projects.create({ name: 'team-c' })
    await using visit = await world.visit()
    const { page } = visit
    await signIn(page, secret)
    await page.getByRole('link', { name: 'Project default' }).waitFor()
    expect(await page.getByRole('link', { name: 'System' }).count()).toBe(0)
    await page.goto('/console/?project=team-c')
    await page.getByRole('heading', { name: 'There is no project team-c' }).waitFor()
    await page.getByRole('button', { name: 'Go to my project' }).click()
    await page.getByRole('row', { name: 'orders' }).waitFor()
  })
})
