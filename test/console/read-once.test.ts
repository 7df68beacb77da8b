import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { listenToCalls } from './harness/calls.ts'
import { openConsoleWorld, type ConsoleWorld } from './harness/index.ts'
import { rowOf } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('the instances, which a page reads once (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
    await (await world.plane.sdk()).instances.create({ name: 'orders' }).wait()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('what comes, changes and goes is told by the stream alone; the list is not read again by any clock', async () => {
    const sdk = await world.plane.sdk()
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    await page.clock.install()
    await page.goto('/console/')
    await page.locator('[data-connection=live]').waitFor()
    /** Something that the stream tells: whatever it told before has been heard, too. */
    const hearOf = async (name: string) => {
      await sdk.instances.create({ name }).wait()
      await rowOf(page, name).getByText('running').waitFor()
    }
    await hearOf('first')

    const calls = listenToCalls(page, 'instances.')
    await hearOf('billing')
    await sdk.instances.stop('billing').wait()
    await rowOf(page, 'billing').getByText('stopped').first().waitFor()
    await sdk.instances.delete('billing').wait()
    await rowOf(page, 'billing').waitFor({ state: 'detached' })
    expect(calls.taken()).toEqual([])

    await page.clock.runFor('10:00')
    await rowOf(page, 'orders').getByText('10 min. ago').waitFor()
    // A stream that was silent for so long, as this page has to see it, is opened again, where it was.
    expect(calls.taken().filter((call) => call !== 'instances.watch')).toEqual([])
    await hearOf('second')
    expect(calls.taken().filter((call) => call !== 'instances.watch')).toEqual([])
    expect(complaints).toEqual([])
  })

  test('is read once more where the stream begins anew, since nobody knows what was missed', async () => {
    await using visit = await world.signedIn()
    const { page } = visit
    await rowOf(page, 'orders').getByText('running').waitFor()
    await page.context().setOffline(true)
    await page.locator('[data-connection=lost]').waitFor()
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'unheard-of' }).wait()

    const calls = listenToCalls(page, 'instances.')
    await page.context().setOffline(false)
    await rowOf(page, 'unheard-of').getByText('running').waitFor()
    await sdk.instances.delete('unheard-of').wait()
    await rowOf(page, 'unheard-of').waitFor({ state: 'detached' })
    expect(calls.taken()).toEqual(['instances.watch', 'instances.list'])
  })
})
