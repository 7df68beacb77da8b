import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPlaneProxy, type PlaneProxy } from '../harness/plane-proxy.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { markPage, rowOf } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('the stream of changes that a page lives on (needs Chromium)', () => {
  let world: ConsoleWorld
  let proxy: PlaneProxy
  beforeAll(async () => {
    world = await openConsoleWorld()
    proxy = await startPlaneProxy(await world.plane.url())
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  test('is opened again, whatever ended it, and how often; the page says so meanwhile', async () => {
    const sdk = await world.plane.sdk()
    await sdk.instances.create({ name: 'orders' }).wait()
    await using visit = await world.signedIn({ url: proxy.url })
    const { page } = visit
    await rowOf(page, 'orders').getByText('running').waitFor()
    const isTheSame = await markPage(page)

    // Something else answers at this address for longer than the SDK alone would try.
    const before = proxy.asked('/instances.watch')
    proxy.refuse('/instances.watch', 500)
    proxy.cut()
    await expect.poll(() => proxy.asked('/instances.watch') - before).toBeGreaterThan(4)
    await page.getByText('The control plane cannot be reached.').waitFor()
    await sdk.instances.create({ name: 'meanwhile' }).wait()

    proxy.mend()
    await page.locator('[data-connection=live]').waitFor()
    await rowOf(page, 'meanwhile').getByText('running').waitFor()
    expect(await page.getByText('The control plane cannot be reached.').count()).toBe(0)
    expect(await isTheSame()).toBe(true)
  })

  test('a storm of changes is shown as it comes, while what is slow is asked for once and once more', async () => {
    const sdk = await world.plane.sdk()
    const { id } = await sdk.instances.create({ name: 'stormy' }).wait()
    await using visit = await world.signedIn({ url: proxy.url })
    const { page, complaints } = visit
    await page.goto('/console/instances/stormy')
    await page.getByRole('row', { name: 'create-instance' }).waitFor()
    await page.locator('[data-connection=live]').waitFor()

    const asked = () => proxy.asked('/operations.list')
    const before = asked()
    const letGo = proxy.hold('/operations.list')
    for (let at = 1; at <= 50; at++) await sdk.instances.update(id, { labels: { at: String(at) } })
    await page.getByText('at=50', { exact: true }).waitFor()
    expect(asked() - before).toBe(1)
    await (await sdk.instances.delete(id)).operation.wait()
    letGo()
    await page.getByRole('row', { name: 'delete-instance' }).getByText('succeeded').waitFor()
    expect(complaints).toEqual([])
  })

  test('is cut again and again while instances come, change and go; the table is right afterwards', async () => {
    const sdk = await world.plane.sdk()
    for (const name of ['kept', 'gone', 'replaced']) await sdk.instances.create({ name }).wait()
    await using visit = await world.signedIn({ url: proxy.url })
    const { page } = visit
    await rowOf(page, 'replaced').getByText('running').waitFor()
    const isTheSame = await markPage(page)

    // Each is the last that is heard before a cut, or the first that is not.
    const happens = [
      () => sdk.instances.delete('gone').wait(),
      () => sdk.instances.create({ name: 'late' }).wait(),
      () => sdk.instances.delete('replaced').wait(),
      () => sdk.instances.create({ name: 'replaced', version: '17' }).wait(),
      () => sdk.instances.update('kept', { labels: { team: 'payments' } }),
    ]
    for (const happen of happens) {
      const done = happen()
      proxy.cut()
      await done
    }
    await expect.poll(() => shown(page)).toEqual(await present())

    // Nobody gets in for the whole of it: what happens meanwhile is told afterwards.
    proxy.close()
    await page.locator('[data-connection=lost]').waitFor()
    await sdk.instances.delete('late').wait()
    await sdk.instances.create({ name: 'later' }).wait()
    proxy.mend()
    await page.locator('[data-connection=live]').waitFor()
    await expect.poll(() => shown(page)).toEqual(await present())
    expect(await isTheSame()).toBe(true)
  })

  /** What the table has of each instance that has to be as the control plane has it. */
  const shown = async (page: Visit['page']) => {
    const rows = await page.locator('tbody tr').all()
    const texts = await Promise.all(rows.map((row) => row.locator('th, td.number, td.mono').allInnerTexts()))
    const states = await page.locator('tbody tr td:nth-child(3)').allInnerTexts()
    return texts.map((text, row) => [...text, states[row]])
  }

  const present = async () =>
    (await (await world.plane.sdk()).instances.list()).items.map(({ name, version, host, port, state }) => [
      name,
      version,
      `${host}:${port}`,
      state,
    ])
})
