import { createToygres } from '@toygres/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, signIn, type ConsoleWorld } from './harness/index.ts'

describe.skipIf(!hasBrowser)('the events of an instance (needs Chromium)', () => {
  let world: ConsoleWorld
  let deployer: string
  beforeAll(async () => {
    world = await openConsoleWorld()
    const { key, secret } = await (
      await world.plane.sdk()
    ).keys.create({ name: 'deployer', role: 'operator' })
    deployer = `api-key:${key.id}`
    await createToygres({ url: await world.plane.url(), apiKey: secret })
      .instances.create({ name: 'orders' })
      .wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const requested = async (page: Page) => {
    await page.goto('/console/instances/orders/events')
    return page.getByRole('listitem').filter({ hasText: 'requested' }).locator('.told')
  }

  test('say by its name whose key asked for something', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    const told = await requested(page)
    await expect.poll(() => told.textContent()).toBe('By deployer')
    expect(complaints).toEqual([])
  })

  test('say by its id whose key it was to who may not read the keys', async () => {
    const sdk = await world.plane.sdk()
    const { secret } = await sdk.keys.create({ name: 'looking', role: 'viewer' })
    await using visit = await world.visit()
    const { page, complaints } = visit
    await signIn(page, secret)
    const told = await requested(page)
    await expect.poll(() => told.textContent()).toBe(`By ${deployer}`)
    expect(complaints).toEqual([])
  })
})
