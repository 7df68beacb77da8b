import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, type ConsoleWorld, type Visit } from './harness/index.ts'
import { copiedFrom } from './harness/stories.ts'

const run = promisify(execFile)
const repository = new URL('../..', import.meta.url).pathname

const hasPsql = await run('psql', ['--version']).then(
  () => true,
  () => false,
)

/** What it prints, with nothing of our environment that says where a PostgreSQL is. */
async function output(command: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'] }
  return (await run(command, args, { cwd: repository, env })).stdout.trim()
}
const sh = (script: string) => output('sh', '-c', script)
const node = (script: string) => output(process.execPath, '--input-type=module', '--eval', script)

describe.skipIf(!hasBrowser)('the forms in which a connection is told (needs Chromium)', () => {
  let world: ConsoleWorld
  let visit: Visit
  beforeAll(async () => {
    world = await openConsoleWorld()
    await (await world.plane.sdk()).instances.create({ name: 'orders' }).wait()
    visit = await world.signedIn()
    const { page } = visit
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto('/console/instances/orders')
    await page.getByRole('button', { name: 'Reveal password' }).click()
    await page.getByRole('button', { name: 'Hide password' }).waitFor()
  })
  afterAll(async () => {
    await visit[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  async function copied(form: string): Promise<string> {
    const card = visit.page.getByRole('region', { name: 'Connect' })
    await card.getByRole('button', { name: form, exact: true }).click()
    return copiedFrom(visit.page, card)
  }

  test('URI and postgres.js log in', async () => {
    const answer = 'console.log((await sql`select 6 * 7 as answer`)[0].answer); await sql.end()'
    expect(await node(`${await copied('postgres.js')}\n${answer}`)).toBe('42')
    const uri = JSON.stringify(await copied('URI'))
    expect(await node(`import postgres from 'postgres'; const sql = postgres(${uri})\n${answer}`)).toBe('42')
  })

  test('pg logs in', async () => {
    const ask = `const { rows } = await pool.query('select 6 * 7 as answer'); console.log(rows[0].answer); await pool.end()`
    expect(await node(`${await copied('pg')}\n${ask}`)).toBe('42')
  })

  test.skipIf(!hasPsql)('psql and env log in (needs psql, of the package postgresql-client)', async () => {
    expect(await sh(`${await copied('psql')} -Atc 'select 6 * 7'`)).toBe('42')
    expect(await sh(`${await copied('env')}\npsql -Atc 'select 6 * 7'`)).toBe('42')
  })

  test('Prisma and JDBC say the same login in their words', async () => {
    const connection = await (await world.plane.sdk()).instances.connection('orders')
    expect(await copied('Prisma')).toContain(`DATABASE_URL="${connection.connectionString}"`)
    const { host, port, pathname, searchParams } = new URL(
      (await copied('JDBC')).replace('jdbc:postgresql', 'http'),
    )
    expect(host).toBe(`${connection.host}:${connection.port}`)
    expect(port).toBe(String(connection.port))
    expect(pathname).toBe(`/${connection.database}`)
    expect(Object.fromEntries(searchParams)).toEqual({ user: connection.user, password: connection.password })
  })

  test('the password is hidden again when it is told so, and when the page is left', async () => {
    const { page, complaints } = visit
    const text = page.getByRole('region', { name: 'Connect' }).getByLabel('Text to copy')
    await page.getByRole('button', { name: 'URI', exact: true }).click()
    await page.getByRole('button', { name: 'Hide password' }).click()
    await expect.poll(() => text.textContent()).toContain('••••••••')
    await page.getByRole('button', { name: 'Reveal password' }).click()
    await expect.poll(() => text.textContent()).not.toContain('•')
    await page.getByRole('link', { name: 'Health', exact: true }).click()
    await page.getByRole('link', { name: 'Overview' }).click()
    await expect.poll(() => text.textContent()).toContain('••••••••')
    expect(complaints).toEqual([])
  })
})
