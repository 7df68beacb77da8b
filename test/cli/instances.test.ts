import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { ask } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

const hasPsql = await promisify(execFile)('psql', ['--version']).then(
  () => true,
  () => false,
)

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
  await plane.cli('create', 'orders', '--version', '17')
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

/** A PATH with these programs and no others. */
async function pathOf(...programs: string[]) {
  const path = await mkdtemp(join(tmpdir(), 'toygres-path-'))
  for (const program of programs) {
    const { stdout } = await promisify(execFile)('which', [program])
    await symlink(stdout.trim(), join(path, program))
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

const instanceFields = [
  'id',
  'name',
  'state',
  'healthStatus',
  'healthReason',
  'healthCheckedAt',
  'healthCheckIntervalSeconds',
  'version',
  'provider',
  'host',
  'port',
  'createdAt',
  'updatedAt',
  'activeOperationId',
]
const operationFields = [
  'id',
  'workflow',
  'resourceId',
  'state',
  'done',
  'steps',
  'error',
  'requestedBy',
  'createdAt',
  'startedAt',
  'endedAt',
]

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await plane.cli(...args, '-o', 'json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Record<string, unknown>
}

test('create waits, tells its steps on stderr, and prints a string that works at that instant', async () => {
  const { code, stdout, stderr } = await plane.cli('create', 'fresh', '--version', '17')
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^postgres:\/\/\S+\n$/)
  const [row] = await ask(stdout.trim(), 'show server_version')
  expect(row).toMatchObject({ server_version: expect.stringMatching(/^17\./) })
  for (const step of ['reserve', 'deploy', 'await-ready', 'verify', 'mark-running'])
    expect(stderr).toContain(`${step} succeeded`)
  expect(stderr).not.toContain('\u001B')
})

test('get and list print the objects of the API', async () => {
  await until(async () => (await json('get', 'orders'))['healthStatus'] === 'healthy')
  const instance = await json('get', 'orders')
  expect(instance).toMatchObject({ name: 'orders', state: 'running', version: '17', provider: 'local' })
  expect(Object.keys(instance)).toEqual(expect.arrayContaining(instanceFields))
  // It may be checked between two looks at it.
  const steady = { ...instance, healthCheckedAt: expect.any(String) }
  expect(await json('list')).toEqual({ items: expect.arrayContaining([steady]), nextCursor: null })

  const { stdout } = await plane.cli('get', 'orders', '-o', 'yaml')
  expect(parse(stdout)).toEqual(steady)
  const table = await plane.cli('list')
  expect(table.stdout).toMatch(/^NAME +STATE .*\n/)
  expect(table.stdout).toMatch(/^orders +running .*$/m)
})

test('url is the string of create', async () => {
  const { stdout: url } = await plane.cli('url', 'orders')
  expect(await ask(url.trim(), 'select 1 as one')).toEqual([{ one: 1 }])
})

test.skipIf(!hasPsql)('psql logs in (needs psql, of the package postgresql-client)', async () => {
  const { code, stdout } = await plane.cli('psql', 'orders', '--', '-Atc', 'select 6 * 7')
  expect({ code, stdout }).toEqual({ code: 0, stdout: '42\n' })
  // Its exit code is psql's own.
  expect((await plane.cli('psql', 'orders', '--', '-c', 'select broken')).code).toBe(1)
})

test("psql is led astray by none of the caller's own settings", async () => {
  const elsewhere = {
    PGHOSTADDR: '127.0.0.2',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: '/nowhere',
    PGSSLNEGOTIATION: 'direct',
    PGGSSENCMODE: 'require',
    PGCHANNELBINDING: 'require',
    PGOPTIONS: '-c search_path=nowhere',
  }
  const { code, stdout, stderr } = await plane.cliWith(
    elsewhere,
    'psql',
    'orders',
    '--',
    '-Atc',
    'show search_path',
  )
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '"$user", public\n' })
})

test('without psql on the machine, one line says what to do', async () => {
  await using tools = await pathOf('node', 'cmp', 'find', 'head')
  const { code, stderr } = await plane.cliWith({ PATH: tools.path }, 'psql', 'orders')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^toygres: there is no psql on this machine\n {2}install it .*\n$/)
})

test('ops shows who did what, step by step', async () => {
  const { items } = (await json('ops', 'list', '--instance', 'orders')) as { items: { id: string }[] }
  const operation = await json('ops', 'get', items[0]?.id ?? '')
  expect(operation).toMatchObject({
    workflow: 'create-instance',
    state: 'succeeded',
    done: true,
    error: null,
  })
  expect(Object.keys(operation)).toEqual(expect.arrayContaining(operationFields))
  const { code, stdout } = await plane.cli('ops', 'watch', items[0]?.id ?? '')
  expect(code).toBe(0)
  expect(stdout).toContain('mark-running')
})

test('status says which process, versions, database and queue', async () => {
  expect(await json('status')).toMatchObject({
    pid: plane.pid(),
    versions: { database: expect.stringMatching(/^18\./), node: process.version },
    database: { embedded: true, url: expect.not.stringContaining(':postgres@') },
    queue: { ready: 0, active: 0 },
  })
})

test('--no-wait returns at once, and ops watch waits instead', async () => {
  const accepted = await json('create', 'later', '--no-wait')
  expect(accepted).toMatchObject({ name: 'later', state: 'creating' })
  const watched = await plane.cli('ops', 'watch', String(accepted['activeOperationId']))
  expect(watched.code, watched.stderr).toBe(0)
  expect(await json('get', 'later')).toMatchObject({ state: 'running' })
})

test('delete asks; where it cannot, it wants --yes; then nothing is left', async () => {
  await plane.cli('create', 'unwanted')
  const refused = await plane.cli('delete', 'unwanted')
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('--yes')
  expect(await json('get', 'unwanted')).toMatchObject({ state: 'running' })

  const url = (await plane.cli('url', 'unwanted')).stdout.trim()
  expect(await plane.cli('delete', 'unwanted', '--yes')).toMatchObject({ code: 0, stdout: '' })
  await expect(ask(url, 'select 1')).rejects.toThrow()
  expect((await plane.cli('get', 'unwanted')).code).toBe(3)
  expect(await json('list', '--all')).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ name: 'unwanted', state: 'deleted' })]),
  })
})
