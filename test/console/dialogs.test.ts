import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersOn } from './harness/axe.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'

type Page = Visit['page']

describe.skipIf(!hasBrowser)('dialogs of the console (needs Chromium)', () => {
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
    await sdk.instances.create({ name: 'orders' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name })
  const dialog = (page: Page) => page.getByRole('dialog')
  const alertdialog = (page: Page) => page.getByRole('alertdialog')

  interface Opened {
    readonly path: () => string
    /** What has to be done before it can be opened. */
    readonly before?: (page: Page) => Promise<void>
    readonly opener: (page: Page) => Locator
    readonly shown: (page: Page) => Locator
  }

  /** Everything that opens above a page, and the button that opens it. */
  const all: Record<string, Opened> = {
    'command palette': { path: () => '/console/', opener: button(/^Search or jump to/), shown: dialog },
    'delete selected': {
      path: () => '/console/',
      before: (page) => page.getByLabel('Select orders').check(),
      opener: button('Delete'),
      shown: alertdialog,
    },
    'stop instance': {
      path: () => '/console/instances/orders',
      opener: button(/^Stop$/),
      shown: alertdialog,
    },
    'delete instance': {
      path: () => '/console/instances/orders/settings',
      opener: button('Delete orders'),
      shown: alertdialog,
    },
    'new key': { path: () => '/console/keys', opener: button('New key'), shown: dialog },
    'rotate key': { path: () => '/console/keys', opener: button('Rotate ci'), shown: dialog },
    'revoke key': { path: () => '/console/keys', opener: button('Revoke ci'), shown: alertdialog },
    'new webhook': { path: () => '/console/webhooks', opener: button('New webhook'), shown: dialog },
    'change webhook': {
      path: () => `/console/webhooks/${webhook}`,
      opener: button('Change'),
      shown: dialog,
    },
    'delete webhook': {
      path: () => `/console/webhooks/${webhook}`,
      opener: button('Delete'),
      shown: alertdialog,
    },
    'new project': { path: () => '/console/projects', opener: button('New project'), shown: dialog },
    quota: { path: () => '/console/projects', opener: button('Quota of team-a'), shown: dialog },
    'delete project': {
      path: () => '/console/projects',
      opener: button('Delete team-a'),
      shown: alertdialog,
    },
  }

  const hasFocus = (locator: Locator) =>
    locator.evaluate((element) => element === element.ownerDocument.activeElement)
  const holdsFocus = (locator: Locator) =>
    locator.evaluate((element) => element.contains(element.ownerDocument.activeElement))

  test.each(['light', 'dark'] as const)(
    'each can be used by everybody, is opened and left by the keyboard, and gives the focus back, in %s',
    async (theme) => {
      await using visit = await world.signedIn({ theme })
      const { page, complaints, keep } = visit
      const barriers: string[] = []
      for (const [name, { path, before, opener, shown }] of Object.entries(all)) {
        await page.goto(path())
        await opener(page).or(page.getByLabel('Select orders')).first().waitFor()
        await before?.(page)
        await opener(page).focus()
        await page.keyboard.press('Enter')
        await shown(page).waitFor()
        await expect.poll(() => holdsFocus(shown(page)), { message: `${name} takes the focus` }).toBe(true)
        barriers.push(...(await barriersOn(page)).map((barrier) => `${name}: ${barrier}`))
        await keep(name)
        await page.keyboard.press('Escape')
        await shown(page).waitFor({ state: 'detached' })
        await expect
          .poll(() => hasFocus(opener(page)), { message: `${name} gives the focus back` })
          .toBe(true)
      }
      expect(barriers).toEqual([])
      expect(complaints).toEqual([])
    },
  )

  test.each(['light', 'dark'] as const)(
    'a secret that is told once can be read by everybody, in %s',
    async (theme) => {
      await using visit = await world.signedIn({ theme })
      const { page, complaints, keep } = visit
      await page.goto('/console/keys')
      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByLabel('Name').fill(`of ${theme}`)
      await page.keyboard.press('Enter')
      const done = page.getByRole('button', { name: 'Done' })
      await done.waitFor()
      await expect.poll(() => hasFocus(done)).toBe(true)
      expect(await barriersOn(page)).toEqual([])
      // The key itself is no matter for a picture.
      await page.getByLabel('Text to copy').evaluate((text) => (text.textContent = 'toygres_…'))
      await keep('secret told once')
      await page.keyboard.press('Escape')
      await page.mouse.click(2, 2)
      await expect.poll(() => done.isVisible()).toBe(true)
      await done.focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => hasFocus(page.getByRole('button', { name: 'New key' }))).toBe(true)
      expect(complaints).toEqual([])
    },
  )

  test('the command palette leads to every page, and does what the page that is open can do', async () => {
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    const labels = async () => {
      await page.keyboard.press('Control+k')
      await page.getByRole('option', { name: 'Sign out' }).waitFor()
      return (await page.getByRole('option').allInnerTexts()).map((text) => text.split('\n')[0] ?? '')
    }
    const choose = async (name: string) => {
      await page.getByRole('combobox').fill(name)
      await page.getByRole('option', { name }).first().waitFor()
      await page.keyboard.press('Enter')
    }

    const navigation = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()
    const listed = await labels()
    expect(listed).toEqual(expect.arrayContaining([...navigation, 'Projects']))
    expect(listed).toEqual(
      expect.arrayContaining(['New instance', 'New webhook', 'New API key', 'New project', 'Sign out']),
    )
    await choose('orders')
    await page.getByRole('heading', { name: 'orders', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Reveal password' }).waitFor()

    const here = await labels()
    expect(here).toEqual(
      expect.arrayContaining(['Logs of orders', 'Settings of orders', 'Reveal the password']),
    )
    await keep('command palette of an instance')
    await choose('Settings of orders')
    await page.getByRole('button', { name: 'Delete orders' }).waitFor()
    await labels()
    await choose('Delete orders')
    await expect.poll(() => hasFocus(page.getByRole('alertdialog').getByRole('textbox'))).toBe(true)
    await page.keyboard.press('Escape')

    await labels()
    await choose('New API key')
    await expect.poll(() => hasFocus(page.getByLabel('Name'))).toBe(true)
    expect(complaints).toEqual([])
  })
})
