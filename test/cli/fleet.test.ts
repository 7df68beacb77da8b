import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { startPlaneProxy } from '../harness/plane-proxy.ts'
import { holdCreates } from '../harness/hold-creates.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'

let plane: TestControlPlane
let database: TestDatabase
let sql: Sql
beforeAll(async () => {
  database = await createEmptyDatabase()
  plane = await startControlPlane({ args: ['--database-url', database.url] })
  sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
}, 180_000)
afterAll(async () => {
  await sql.end()
  await plane[Symbol.asyncDispose]()
  await database.drop()
})

interface Check {
  name: string
  state: string
  detail: string
  advice: string | null
}
async function examined(env: NodeJS.ProcessEnv = {}): Promise<{ code: number; checks: Map<string, Check> }> {
  const { code, stdout } = await plane.cliWith(env, 'doctor', '-o', 'json')
  const { checks } = JSON.parse(stdout) as { checks: Check[] }
  return { code, checks: new Map(checks.map((check) => [check.name, check])) }
}

test('a key of one project sees what is for it, and is told what is not', async () => {
  await plane.cli('projects', 'create', 'tenant')
  const key = (await plane.cli('keys', 'create', 'of-tenant', '--role', 'viewer', '--project', 'tenant'))
    .stdout
  const env = { TOYGRES_API_KEY: key.trim(), TOYGRES_URL: await plane.url() }
  const { code, checks } = await examined(env)
  expect(code).toBe(0)
  expect(checks.get('key')).toMatchObject({ state: 'ok' })
  for (const name of ['database', 'provider'])
    expect(checks.get(name)).toMatchObject({ state: 'skip', detail: 'not for this key' })
  for (const name of ['drift', 'instances', 'operations'])
    expect(checks.get(name)).toMatchObject({ state: 'ok' })

  const top = await plane.cliWith(env, 'top', '--once')
  expect(top.code, top.stderr).toBe(0)
  expect(top.stdout).toMatch(/^The status of the control plane is not for this key\.\n\nNAME /)
})

const parkedId = '0199cafe-0000-7000-8000-000000000000'

test('an operation that is under way for long is told, with what it is at', async () => {
  await using _ = await holdCreates(database.url)
  await plane.cli('create', 'patient', '--no-wait')
  const toygres = await plane.sdk()
  const { activeOperationId: id } = await toygres.instances.get('patient')
  await sql`update operations set created_at = now() - interval '7 minutes' where id = ${id}`
  const { checks } = await examined()
  expect(checks.get('operations')).toMatchObject({
    state: 'warn',
    detail: expect.stringMatching(/^1 under way for long: create-instance of patient for 7m \(reserve .+\)$/),
    advice: expect.stringContaining(`toygres ops get ${id}`),
  })

  // Of another instance, which is not there any more.
  await sql`
    insert into operations
    select (jsonb_populate_record(o, ${sql.json({ id: parkedId, resource_id: parkedId, state: 'parked', parked_from: 'running' })})).*
    from operations o where id = ${id}`
  const { checks: both } = await examined()
  expect(both.get('operations')).toMatchObject({
    state: 'warn',
    detail: expect.stringMatching(/^1 parked: .+; 1 under way for long: create-instance of patient for 7m/),
    advice: expect.stringMatching(new RegExp(`toygres ops retry ${parkedId}".+"toygres ops get ${id}"`)),
  })
  await sql`delete from operations where id = ${parkedId}`
})

test('all instances are looked at, and sorted, however many there are', async () => {
  const toygres = await plane.sdk()
  await until(async () => (await toygres.instances.get('patient')).healthStatus === 'healthy')
  await sql`
    insert into instances (id, name, state, version, provider)
    select gen_random_uuid(), 'crowd-' || to_char(n, 'FM0000'), 'failed', '18', 'local'
    from generate_series(1, 1100) n order by n`
  const { checks } = await examined()
  expect(checks.get('instances')?.detail).toMatch(
    /^1100 failed or unhealthy: (crowd-\d{4} \(failed\), ){5}\.\.\./,
  )
  const top = await plane.cli('top', '--once', '-o', 'name', '--limit', '3')
  expect(top.stdout).toBe('crowd-0001\ncrowd-0002\ncrowd-0003\n')
  // It was checked, so it has a latency, and these have none.
  await using proxy = await startPlaneProxy(await plane.url())
  const env = { TOYGRES_URL: proxy.url, TOYGRES_API_KEY: await plane.apiKey() }
  const slowest = await plane.cliWith(env, 'top', '--once', '-o', 'name', '--limit', '1', '--sort', 'latency')
  expect(slowest.stdout).toBe('patient\n')
  // 1101 instances are two pages, each of which is asked for once.
  expect(proxy.asked('/health.list')).toBe(2)
  expect(proxy.asked('/health.get')).toBe(0)
  await sql`delete from instances where name like 'crowd-%'`
})

/** All its processes: a backend that serves the monitor would answer on without the others. */
async function signalServer(id: string, signal: NodeJS.Signals): Promise<void> {
  const file = await readFile(join(plane.home, 'instances', id, 'data', 'postmaster.pid'), 'utf8')
  const postmaster = Number.parseInt(file, 10)
  process.kill(postmaster, signal)
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
  for (const pid of children.match(/\d+/g) ?? [])
    try {
      process.kill(Number(pid), signal)
    } catch {
      // It has ended meanwhile.
    }
}

test('a server that is frozen is told, with what is the matter, before and after it is called unhealthy', async () => {
  await plane.cli('create', 'frozen', '--check-every', '5s')
  const toygres = await plane.sdk()
  const { id } = await toygres.instances.get('frozen')
  await signalServer(id, 'SIGSTOP')
  try {
    await until(async () => (await toygres.instances.get('frozen')).healthReason !== null)
    expect((await examined()).checks.get('instances')?.detail).toContain('frozen (timeout)')
    await until(async () => (await toygres.instances.get('frozen')).healthStatus === 'unhealthy')
    const { code, checks } = await examined()
    expect(code).toBe(1)
    expect(checks.get('instances')).toMatchObject({
      state: 'fail',
      detail: '1 failed or unhealthy: frozen (timeout)',
      advice: expect.stringContaining('toygres health get frozen'),
    })
  } finally {
    await signalServer(id, 'SIGCONT')
  }
})
