import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPlaneProxy, type PlaneProxy } from '../harness/plane-proxy.ts'
import { barriersOn } from './harness/axe.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'
import { operationOn, rowOf, seeSuccess } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('a console whose server is slow (needs Chromium)', () => {
  let world: ConsoleWorld
  let proxy: PlaneProxy
  let operation: string
  beforeAll(async () => {
    world = await openConsoleWorld()
    proxy = await startPlaneProxy(await world.plane.url())
    const creating = (await world.plane.sdk()).instances.create({ name: 'orders' })
    operation = (await creating).operation.id
    await creating.wait()
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  /** Each page, what it waits for, how it calls that, and what shows that it is there. */
  const waits: [path: () => string, call: string, what: string, shown: string][] = [
    [() => '/console/', '/instances.list', 'the instances', 'orders'],
    [() => '/console/instances/orders', '/instances.get', 'the instance', 'Answers in'],
    [() => '/console/instances/orders', '/health.get', 'the health', 'Answers in'],
    [() => '/console/instances/orders/logs', '/instances.logs', 'the log', 'ready to accept connections'],
    [() => '/console/instances/orders/operations', '/operations.list', 'the operations', 'create-instance'],
    [() => `/console/operations/${operation}`, '/operations.get', 'the operation', 'operation succeeded'],
    [() => `/console/operations/${operation}`, '/operations.graph', 'the workflow', 'version 1'],
    [() => '/console/audit', '/audit.list', 'the audit log', 'instances.create'],
    [() => '/console/keys', '/keys.list', 'the keys', 'active'],
    [() => '/console/webhooks', '/webhooks.list', 'the webhooks', 'No webhooks yet'],
    [() => '/console/projects', '/projects.list', 'the projects', 'No limit'],
    [() => '/console/drift', '/drift.list', 'the drift', 'Everything is as it should be'],
    [() => '/console/system', '/system.status', 'the system', 'operation-steps'],
  ]

  test('every page says what it waits for, and shows it when it comes', async () => {
    await using visit = await world.signedIn({ url: proxy.url })
    const { page, complaints, keep } = visit
    const barriers: string[] = []
    for (const [path, call, what, shown] of waits) {
      const letGo = proxy.hold(call)
      await page.goto(path())
      await page.getByText(`Loading ${what}…`).first().waitFor({ state: 'attached' })
      barriers.push(...(await barriersOn(page)).map((barrier) => `${path()}: ${barrier}`))
      await keep(`loading ${what}`)
      letGo()
      await page.getByText(shown, { exact: false }).first().waitFor()
    }
    expect(barriers).toEqual([])
    expect(complaints).toEqual([])
  })

  test('what is on its way is not sent twice, however often somebody presses', async () => {
    await using visit = await world.signedIn({ url: proxy.url })
    const { page, complaints, keep } = visit
    const sdk = await world.plane.sdk()
    /** Keeps a call, has it made, presses on, and lets it go: it was made once. */
    const once = async (call: string, press: () => Promise<void>, pressOn: () => Promise<void>) => {
      const before = proxy.asked(call)
      const letGo = proxy.hold(call)
      await press()
      await expect.poll(() => proxy.asked(call) - before).toBe(1)
      await pressOn()
      letGo()
      return () => expect(proxy.asked(call) - before, call).toBe(1)
    }

    await page.goto('/console/instances/new')
    await page.getByLabel('Name').fill('once')
    await page.getByRole('region', { name: 'The plan' }).getByText('mark-running').waitFor()
    const creating = page.getByRole('button', { name: 'Creating…' })
    const created = await once(
      '/instances.create',
      () => page.getByLabel('Name').press('Enter'),
      async () => {
        await creating.waitFor()
        expect(await creating.isDisabled()).toBe(true)
        await keep('creating')
        await page.getByLabel('Name').press('Enter')
        await page.getByLabel('Name').press('Enter')
      },
    )
    await seeSuccess(page)
    created()
    const { items } = await sdk.operations.list({ instance: 'once' })
    expect(items.map(({ id }) => id)).toEqual([operationOn(page)])

    await page.goto('/console/instances/once/settings')
    await page.getByLabel('Labels').fill('team=payments')
    const saved = await once(
      '/instances.update',
      () => page.getByRole('button', { name: 'Save' }).click(),
      async () => {
        expect(await page.getByRole('button', { name: 'Saving…' }).isDisabled()).toBe(true)
        await page.getByLabel('Health check every (seconds)').press('Enter')
      },
    )
    await page.getByText('Saved', { exact: true }).waitFor()
    saved()

    await page.getByRole('button', { name: 'Delete once' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('textbox').fill('once')
    const deleted = await once(
      '/instances.delete',
      () => dialog.getByRole('textbox').press('Enter'),
      async () => {
        expect(await dialog.getByRole('button', { name: 'Delete for good' }).isDisabled()).toBe(true)
        await dialog.getByRole('textbox').press('Enter')
      },
    )
    await seeSuccess(page)
    deleted()

    await page.goto('/console/keys?new=true')
    await page.getByLabel('Name').fill('ci')
    const made = await once(
      '/keys.create',
      () => page.getByLabel('Name').press('Enter'),
      async () => {
        await page.getByLabel('Name').press('Enter')
        // It is about to be told something that is told once.
        await page.keyboard.press('Escape')
      },
    )
    await page.getByRole('button', { name: 'Done' }).click()
    made()
    await rowOf(page, 'ci').waitFor()
    expect(complaints).toEqual([])
  })
})
