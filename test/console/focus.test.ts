import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersInEveryLook } from './harness/axe.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { focusOf } from './harness/stories.ts'

type Page = Visit['page']

describe.skipIf(!hasBrowser)('the focus in the console (needs Chromium)', () => {
  let world: ConsoleWorld
  let webhook: string
  beforeAll(async () => {
    world = await openConsoleWorld()
    const sdk = await world.plane.sdk()
    await sdk.projects.create({ name: 'team-a' })
    await sdk.keys.create({ name: 'ci', role: 'viewer' })
    ;({
      webhook: { id: webhook },
    } = await sdk.webhooks.create({ url: 'https://hooks.example.com/toygres', kinds: ['instance.running'] }))
    for (const name of ['orders', 'reports']) await sdk.instances.create({ name }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const confirm = async (page: Page, verb: string, typed?: string) => {
    const dialog = page.getByRole('alertdialog')
    await dialog.waitFor()
    if (typed !== undefined) await dialog.getByRole('textbox').fill(typed)
    await dialog.getByRole('button', { name: verb, exact: true }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
  }

  test('stays near what was pressed, also where doing it takes that away', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    /** Where it is afterwards, so that who goes on by the keyboard need not begin from the top. */
    const settles = (where: string) => expect.poll(() => focusOf(page), { message: where })
    const isIn = (card: string) =>
      expect
        .poll(() =>
          page
            .locator(`section[aria-label="${card}"]`)
            .evaluate((element) => element.contains(element.ownerDocument.activeElement)),
        )
        .toBe(true)

    await page.goto('/console/keys')
    await button(page, 'Revoke ci').press('Enter')
    await confirm(page, 'Revoke')
    await button(page, 'Revoke ci').waitFor({ state: 'detached' })
    await isIn('API keys')

    await page.goto('/console/projects')
    await button(page, 'Delete team-a').press('Enter')
    await confirm(page, 'Delete', 'team-a')
    await page.getByRole('row', { name: 'team-a' }).waitFor({ state: 'detached' })
    await isIn('Projects')

    await page.goto(`/console/webhooks/${webhook}`)
    await button(page, 'Disable').press('Enter')
    await button(page, 'Enable').waitFor()
    await settles('after a webhook is disabled').toBe('Enable')
    await button(page, 'Delete').press('Enter')
    await confirm(page, 'Delete')
    await page.getByText('No webhooks yet').waitFor()
    await settles('after a webhook is deleted').not.toBe('body')

    await page.goto('/console/audit')
    await page.getByRole('row', { name: 'webhooks.delete' }).waitFor()
    await button(page, 'Refresh').press('Enter')
    await settles('after the audit log is read again').toBe('Refresh')

    await page.goto('/console/instances/orders')
    await button(page, 'Reveal password').press('Enter')
    await button(page, 'Hide password').waitFor()
    await settles('after the password is shown').toBe('Hide password')
    await page.getByRole('link', { name: 'Settings' }).press('Enter')
    await button(page, 'Delete orders').press('Enter')
    await confirm(page, 'Delete for good', 'orders')
    await page.getByRole('heading', { name: 'delete-instance' }).waitFor()
    await settles('after an instance is deleted').not.toBe('body')

    await page.goto('/console/')
    await page.getByLabel('Select reports').check()
    await button(page, 'Delete').press('Enter')
    await confirm(page, 'Delete', 'delete 1')
    await page.getByText('No instances yet').waitFor()
    await settles('after what was selected is deleted').not.toBe('body')

    // A link that leads away is gone, too.
    await page.getByRole('link', { name: 'Create the first one' }).press('Enter')
    await page.getByLabel('Name').waitFor()
    await settles('after a page is gone to').not.toBe('body')
    expect(complaints).toEqual([])
  })

  test('goes into a menu and back to its button; menus can be used by everybody, in every look', async () => {
    await (await world.plane.sdk()).projects.create({ name: 'team-b' })
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    for (const name of [/^Project default/, /^Signed in with the key/]) {
      await page.setViewportSize({ width: 1280, height: 860 })
      const opener = page.getByRole('button', { name })
      await opener.press('Enter')
      await page.getByRole('menu').waitFor()
      expect(await barriersInEveryLook(page)).toEqual([])
      await keep(`menu ${name.source.includes('Project') ? 'of projects' : 'of who is signed in'}`)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
      await expect.poll(() => focusOf(page)).toMatch(name)
    }
    expect(complaints).toEqual([])
  })
})
