import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { barriersInEveryLook } from './harness/axe.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { rowOf } from './harness/stories.ts'

describe.skipIf(!hasBrowser)('pages of the console that have something to show (needs Chromium)', () => {
  let database: TestDatabase
  let world: ConsoleWorld
  beforeAll(async () => {
    database = await createEmptyDatabase()
    world = await openConsoleWorld({ args: ['--database-url', database.url] })
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await database.drop()
  })

  async function created(name: string): Promise<string> {
    const { id } = await (await world.plane.sdk()).instances.create({ name }).wait()
    return id
  }

  /** A check every half a minute of the last fifty, each tenth of which failed; in rows and, as they are summed up, in minutes. */
  async function putHistory(id: string): Promise<void> {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} })
    await sql`
      with checks as (
        select date_bin('30 seconds', now(), '2000-01-01Z') - n * interval '30 seconds' as at, n % 10 = 0 as failed,
          20 + 10 * sin(n / 5.0) as ms, 3 + n % 4 as connections, 20000000 + 100000 * (100 - n) as bytes
        from generate_series(1, 100) n
      ), kept as (
        insert into health_samples (instance_id, at, latency_ms, connections, database_bytes, reason, up_s, down_s)
        select ${id}, at, case when not failed then ms end, connections, bytes, case when failed then 'timeout' end,
          case when not failed then 30 end, case when failed then 30 end
        from checks
      )
      insert into health_minutes (instance_id, at, checks, failures, latency_ms_sum, latency_ms_max, connections_max, database_bytes, reason, up_s, down_s)
      select ${id}, date_bin('1 minute', at, '2000-01-01Z'), count(*), count(*) filter (where failed), sum(ms) filter (where not failed),
        max(ms) filter (where not failed), max(connections), max(bytes), max(case when failed then 'timeout' end),
        30 * count(*) filter (where not failed), 30 * count(*) filter (where failed)
      from checks group by 2
      on conflict do nothing`
    await sql.end()
  }

  /** Of each chart, how many of its pixels are of the colour of its first line or bars. */
  const painted = `[...document.querySelectorAll('.chart')].map((chart) => {
    const probe = document.createElement('canvas').getContext('2d')
    probe.fillStyle = getComputedStyle(chart.querySelector('.legend .key'), '::before').backgroundColor
    probe.fillRect(0, 0, 1, 1)
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data
    const canvas = chart.querySelector('canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 0; at < data.length; at += 4)
      if (Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue) < 24 && data[at + 3] > 200) count++
    return count
  })`

  const leastPainted = async (page: Visit['page']) => Math.min(...(await page.evaluate<number[]>(painted)))

  test('charts draw what was measured, and tell it to those who do not see them', async () => {
    const id = await created('charted')
    await putHistory(id)
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    await page.goto('/console/instances/charted/health')
    const chart = (title: string) => page.getByRole('img', { name: new RegExp(`^${title}`) })
    await page.getByRole('img', { name: /^Latency\. each check: [\d.]+ ms to [\d.]+ ms/ }).waitFor()
    await page.getByRole('img', { name: /^Failed checks\. failed: 0 to [1-9]/ }).waitFor()
    await page.getByRole('img', { name: /^Connections\. in use at most: \d+ to 6/ }).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect.poll(() => leastPainted(page)).toBeGreaterThan(20)
    }
    await chart('Latency').hover()
    await expect
      .poll(() => page.locator('.chart-tooltip:visible').first().innerText())
      .toMatch(/each check ([\d.]+ ms|–)/)
    await page.mouse.move(0, 0)
    expect(await barriersInEveryLook(page)).toEqual([])
    await keep('health with a history, on a telephone')
    await page.setViewportSize({ width: 1280, height: 860 })
    await keep('health with a history, dark')
    expect(complaints).toEqual([])
  })

  test('the system page tells who works, what waits and for how long, and how much was done', async () => {
    await created('worked-for')
    const sdk = await world.plane.sdk()
    const { pid } = await sdk.system.status()
    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    await page.goto('/console/system')
    const worker = page
      .getByRole('region', { name: 'Workers' })
      .getByRole('row')
      .filter({ hasText: String(pid) })
    await worker.first().waitFor()
    const queue = rowOf(page, 'operation-steps')
    // Its numbers, and that nothing lags: nothing waits.
    expect((await queue.getByRole('cell').allInnerTexts()).at(-1)).toMatch(/^(none|[\d.]+ m?s)$/)
    await page.getByRole('img', { name: /^Operations by the minute\. [1-9]\d* have ended/ }).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect.poll(() => leastPainted(page)).toBeGreaterThan(20)
      await keep(`system at work, ${colorScheme}`)
    }
    expect(complaints).toEqual([])
  })

  test("an operation's diagram has the steps and ways of its workflow's own definition, and no others", async () => {
    const sdk = await world.plane.sdk()
    await created('drawn')
    await using visit = await world.signedIn()
    for (const { id, workflow } of (await sdk.operations.list({ limit: 200 })).items) {
      const { nodes, edges } = await sdk.operations.graph(id)
      await visit.page.goto(`/console/operations/${id}`)
      await visit.page.locator('[data-node=succeeded]').waitFor()
      const drawn = await visit.page
        .locator('[data-node]')
        .evaluateAll((all) => all.map((node) => node.getAttribute('data-node') ?? ''))
      expect(new Set(drawn), workflow).toEqual(new Set(nodes.map((node) => node.id)))
      expect(await visit.page.locator('path.edge').count(), workflow).toBe(edges.length)
    }
  })

  test('drift tells what is left to a person, and what was repaired when it is asked to', async () => {
    const lost = await created('lost')
    const struck = await created('struck')
    const directoryOf = (id: string) => join(world.plane.home, 'instances', id, 'data')
    const kill = async (id: string) =>
      process.kill(
        Number.parseInt(await readFile(join(directoryOf(id), 'postmaster.pid'), 'utf8'), 10),
        'SIGKILL',
      )
    await kill(struck)
    await kill(lost)
    await rm(directoryOf(lost), { recursive: true })

    await using visit = await world.signedIn()
    const { page, complaints, keep } = visit
    await page.goto('/console/drift')
    // Each may have been looked at between two blows, and then has an earlier entry that is resolved.
    const left = rowOf(page, 'lost').filter({ hasText: 'needs a person' })
    await left.waitFor({ timeout: 90_000 })
    await page.getByLabel('What is resolved, too').check()
    await rowOf(page, 'struck').getByText('resolved').first().waitFor({ timeout: 90_000 })
    await keep('drift with entries')
    expect(await barriersInEveryLook(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 860 })
    await keep('drift with entries, dark')
    await left.getByRole('link', { name: 'lost' }).click()
    await page.getByRole('heading', { name: 'lost' }).waitFor()
    expect(complaints).toEqual([])
  })
})
