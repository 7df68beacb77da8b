import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersOn } from './harness/axe.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'

describe.skipIf(!hasBrowser)('the pages of the console (needs Chromium)', () => {
  let world: ConsoleWorld
  let operation: string
  let webhook: string
  beforeAll(async () => {
    world = await openConsoleWorld()
    const sdk = await world.plane.sdk()
    await sdk.projects.create({ name: 'team-a' })
    ;({
      webhook: { id: webhook },
    } = await sdk.webhooks.create({
      url: 'https://hooks.example.com/toygres',
      kinds: ['instance.running', 'instance.failed'],
    }))
    const creating = sdk.instances.create({ name: 'orders', labels: { team: 'payments' } })
    ;({
      operation: { id: operation },
    } = await creating)
    await creating.wait()
    await sdk.instances.create({ name: 'reports', version: '17' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  /** Each page, and what shows that it is there with what it is about. */
  const pages: Record<string, { path: () => string; shown: (page: Visit['page']) => Promise<void> }> = {
    instances: {
      path: () => '/console/',
      shown: (page) => page.getByRole('row', { name: 'orders' }).waitFor(),
    },
    'new instance': {
      path: () => '/console/instances/new',
      shown: (page) => page.getByRole('button', { name: 'Create instance' }).waitFor(),
    },
    overview: {
      path: () => '/console/instances/orders',
      shown: (page) => page.getByText('Answers in').waitFor(),
    },
    health: {
      path: () => '/console/instances/orders/health',
      shown: (page) => page.getByRole('img', { name: /^Latency/ }).waitFor(),
    },
    'operations of an instance': {
      path: () => '/console/instances/orders/operations',
      shown: (page) => page.getByRole('row', { name: 'create-instance' }).waitFor(),
    },
    events: {
      path: () => '/console/instances/orders/events',
      shown: (page) => page.locator('[data-what=create-instance][data-state=succeeded]').first().waitFor(),
    },
    logs: {
      path: () => '/console/instances/orders/logs',
      shown: (page) => page.getByText('ready to accept connections').first().waitFor(),
    },
    settings: {
      path: () => '/console/instances/orders/settings',
      shown: (page) => page.getByRole('heading', { name: 'Danger zone' }).waitFor(),
    },
    operations: {
      path: () => '/console/operations',
      shown: (page) => page.getByRole('row', { name: 'orders' }).waitFor(),
    },
    operation: {
      path: () => `/console/operations/${operation}`,
      shown: async (page) => {
        await page.locator('[data-node=succeeded][data-light=done]').waitFor()
        await page.getByText('operation succeeded').waitFor()
      },
    },
    drift: {
      path: () => '/console/drift',
      shown: (page) => page.getByText('Everything is as it should be').waitFor(),
    },
    system: { path: () => '/console/system', shown: (page) => page.getByText('operation-steps').waitFor() },
    audit: {
      path: () => '/console/audit',
      shown: (page) => page.getByRole('row', { name: 'instances.create' }).first().waitFor(),
    },
    webhooks: {
      path: () => '/console/webhooks',
      shown: (page) => page.getByRole('link', { name: 'https://hooks.example.com/toygres' }).waitFor(),
    },
    webhook: {
      path: () => `/console/webhooks/${webhook}`,
      shown: (page) => page.getByRole('row', { name: 'instance.running' }).first().waitFor(),
    },
    projects: {
      path: () => '/console/projects',
      shown: (page) => page.getByRole('row', { name: 'team-a' }).waitFor(),
    },
    'another project': {
      path: () => '/console/?project=team-a',
      shown: (page) => page.getByText('No instances yet').waitFor(),
    },
    'no such project': {
      path: () => '/console/?project=nowhere',
      shown: (page) => page.getByText('There is no project nowhere').waitFor(),
    },
    keys: {
      path: () => '/console/keys',
      shown: (page) => page.getByRole('columnheader', { name: 'Role' }).waitFor(),
    },
    'nothing there': {
      path: () => '/console/nowhere',
      shown: (page) => page.getByText('There is nothing here').waitFor(),
    },
    'no such instance': {
      path: () => '/console/instances/nobody',
      shown: (page) => page.getByText('This instance cannot be shown').waitFor(),
    },
  }

  /** How many parts of the page have to be pushed sideways to be seen whole. */
  const cutOff = `[...document.querySelectorAll('main .sideways > div')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length`

  test.each(['light', 'dark'] as const)('every page can be used by everybody, in %s', async (theme) => {
    await using visit = await world.signedIn({ theme })
    const { page, complaints, keep } = visit
    await page.locator('.user').waitFor()
    const barriers: string[] = []
    for (const [name, { path, shown }] of Object.entries(pages)) {
      await page.goto(path())
      await shown(page)
      barriers.push(...(await barriersOn(page)).map((barrier) => `${name}: ${barrier}`))
      expect(await page.evaluate<number>(cutOff), `${name}: tables that are cut off`).toBe(0)
      await keep(name)
    }
    expect(barriers).toEqual([])
    expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([])
  })

  test('signing in can be done by everybody, in light and dark', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await using visit = await world.visit({ theme })
      await visit.page.getByLabel('API key').waitFor()
      expect(await barriersOn(visit.page)).toEqual([])
      await visit.keep('sign in')
    }
  })

  test.each(['light', 'dark'] as const)(
    'on a narrow screen nothing is cut off, and every page fits and can be used by everybody, in %s',
    async (theme) => {
      await using visit = await world.signedIn({ theme, width: 360 })
      const { page, keep } = visit
      const barriers: string[] = []
      for (const [name, { path, shown }] of Object.entries(pages)) {
        await page.goto(path())
        await shown(page)
        await page.locator('.user .face').waitFor()
        const width = await page.evaluate<number>('document.documentElement.scrollWidth')
        expect(width, name).toBeLessThanOrEqual(360)
        barriers.push(...(await barriersOn(page)).map((barrier) => `${name}: ${barrier}`))
        await keep(name)
      }
      expect(barriers).toEqual([])
    },
  )
})
