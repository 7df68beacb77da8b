import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { holdCreates } from '../harness/hold-creates.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { takeAllPorts } from '../harness/take-all-ports.ts'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { copiedFrom } from './harness/stories.ts'

const run = promisify(execFile)
const repository = new URL('../..', import.meta.url).pathname

describe.skipIf(!hasBrowser)('what the console copies for terminals and programs (needs Chromium)', () => {
  let database: TestDatabase
  let world: ConsoleWorld
  let visit: Visit
  beforeAll(async () => {
    database = await createEmptyDatabase()
    world = await openConsoleWorld({ args: ['--database-url', database.url] })
    visit = await world.signedIn()
    await visit.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  })
  afterAll(async () => {
    await visit[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
    await database.drop()
  })

  const forms = ['CLI', 'curl', 'TypeScript'] as const
  type Form = (typeof forms)[number]

  async function copied(title: string, form: Form): Promise<string> {
    const card = visit.page.getByRole('region', { name: title })
    await card.getByRole('button', { name: form, exact: true }).click()
    return copiedFrom(visit.page, card)
  }

  /** As somebody would who has a shell with `toygres` in it and their key, or a program with a client; returns what it prints. */
  async function paste(form: Form, text: string): Promise<string> {
    const [url, apiKey] = [await world.plane.url(), await world.plane.apiKey()]
    const env = {
      ...world.plane.env,
      PATH: `${repository}:${process.env['PATH']}`,
      TOYGRES_API_KEY: apiKey,
      TOYGRES_URL: url,
    }
    const program = [
      `import { createToygres } from '@toygres/sdk'`,
      `const toygres = createToygres({ url: process.env.TOYGRES_URL, apiKey: process.env.TOYGRES_API_KEY })`,
      text,
    ]
    const asModule = ['--conditions=toygres-source', '--input-type=module', '--eval', program.join('\n')]
    const { stdout } =
      form === 'TypeScript'
        ? await run(process.execPath, asModule, { cwd: repository, env })
        : await run('sh', ['-c', text], { cwd: repository, env })
    return stdout
  }

  async function plan(name: string): Promise<void> {
    const { page } = visit
    await page.goto('/console/instances/new')
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('PostgreSQL').selectOption('17')
    await page.getByLabel('Health check every (seconds)').fill('45')
    await page.getByLabel('Labels').fill(`team=payments\nnote=it's "ours"`)
  }

  test('one that failed is tried again, by each of them, and goes on when the reason is gone', async () => {
    const { page } = visit
    const sdk = await world.plane.sdk()
    const giveBack = await takeAllPorts(world.plane.home)
    const { operation } = await sdk.instances.create({ name: 'unlucky' })
    const again = page.getByRole('region', { name: 'Try again elsewhere' })
    const retriedAt = async () => (await sdk.operations.get(operation.id)).retriedAt
    for (const form of forms) {
      await page.goto(`/console/operations/${operation.id}`)
      await again.waitFor()
      const before = await retriedAt()
      if (form === forms.at(-1)) await giveBack()
      await paste(form, await copied('Try again elsewhere', form))
      expect(await retriedAt(), form).not.toEqual(before)
    }
    await page.getByText('operation succeeded').waitFor()
  })

  test.each(forms)('an instance is made as the form says, by %s', async (form) => {
    const name = `by-${form.toLowerCase()}`
    await plan(name)
    const copy = await copied('The same elsewhere', form)
    // A form that stays open would be told, rightly, that the name is taken by now.
    await visit.page.goto('/console/')
    await paste(form, copy)
    const sdk = await world.plane.sdk()
    expect(await sdk.instances.get(name)).toMatchObject({
      version: '17',
      healthCheckIntervalSeconds: 45,
      labels: { team: 'payments', note: `it's "ours"` },
    })
    // It is as good as one that was made here.
    await visit.page.goto(`/console/instances/${name}`)
    await visit.page.getByRole('row', { name: 'create-instance' }).getByText('succeeded').waitFor()
  })

  test('an operation is followed to its end, by each of them', async () => {
    const { page } = visit
    const creating = (await world.plane.sdk()).instances.create({ name: 'followed' })
    const { operation } = await creating
    await creating.wait()
    await page.goto(`/console/operations/${operation.id}`)
    await page.getByText('operation succeeded').waitFor()
    for (const form of forms) {
      const told = await paste(form, await copied('Follow it elsewhere', form))
      expect(told, form).toMatch(/deploy[\s\S]*mark-running/)
    }
  })

  test.each(forms)('one that takes too long is cancelled, by %s', async (form) => {
    const { page, complaints } = visit
    {
      await using _ = await holdCreates(database.url)
      await page.goto('/console/instances/new')
      await page.getByLabel('Name').fill(`slow-${form.toLowerCase()}`)
      await page.getByRole('button', { name: 'Create instance' }).click()
      await page.locator('[data-node=reserve][data-light=now]').waitFor()
      await paste(form, await copied('Cancel it elsewhere', form))
      await page.getByText('cancelling').first().waitFor()
    }
    await page.getByText('operation cancelled').waitFor()
    expect(complaints).toEqual([])
  })
})
