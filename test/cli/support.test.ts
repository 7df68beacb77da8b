import { execFile } from 'node:child_process'
import { appendFile, chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

let plane: TestControlPlane
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-report-'))
  plane = await startControlPlane()
}, 180_000)
afterAll(async () => {
  await plane[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

interface Secrets {
  sealingKey: string
  metadataPassword: string
}
const secretsOf = async (home: string) =>
  JSON.parse(await readFile(join(home, 'secrets.json'), 'utf8')) as Secrets
const clientOf = async (home: string) =>
  JSON.parse(await readFile(join(home, 'client.json'), 'utf8')) as { apiKey: string }

test('a report has what helps, and none of the secrets, however they got into a log', async () => {
  const url = (await plane.cli('create', 'orders')).stdout.trim()
  const { password } = new URL(url)
  const { sealingKey, metadataPassword } = await secretsOf(plane.home)
  const { apiKey } = await clientOf(plane.home)
  const other = (await plane.cli('keys', 'create', 'other')).stdout.trim()
  const secrets = [sealingKey, metadataPassword, apiKey, other, password]
  // As careless programs would have written them.
  const careless = secrets.flatMap((secret) => [
    `Authorization: Bearer ${secret}`,
    `{"password": "${secret}"}`,
    `postgres://postgres:${encodeURIComponent(secret)}@127.0.0.1/x`,
  ])
  await appendFile(join(plane.home, 'logs', 'control-plane.log'), `${careless.join('\n')}\n`)

  const path = join(directory, 'report.tar.gz')
  const written = await plane.cli('report', '--file', path, '--instance-logs')
  expect(written).toMatchObject({ code: 0, stdout: `${path}\n` })
  expect((await stat(path)).mode & 0o777).toBe(0o600)

  await promisify(execFile)('tar', ['-xzf', path, '-C', directory, '--strip-components=1'])
  const files = (await promisify(execFile)('find', [directory, '-type', 'f', '-not', '-name', '*.gz'])).stdout
  for (const name of [
    'about.json',
    'doctor.json',
    'instances.json',
    'operations.json',
    'logs/control-plane.log',
  ])
    expect(files).toContain(name)
  expect(files).toContain('instance-logs/orders.log')
  expect(await readFile(join(directory, 'operations.json'), 'utf8')).toContain('create-instance')

  for (const secret of [...secrets, ...secrets.map((one) => Buffer.from(one).toString('base64'))])
    await expect(promisify(execFile)('grep', ['-rF', '--', secret, directory])).rejects.toMatchObject({
      code: 1,
    })
  // That it would have been found.
  const { stdout } = await promisify(execFile)('grep', ['-rlF', '[redacted]', directory])
  expect(stdout).toContain('control-plane.log')
})

test('a report takes the place of no file', async () => {
  const path = join(directory, 'report.tar.gz')
  const again = await plane.cli('report', '--file', path)
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toContain(`there is a file ${path} already`)
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

test('doctor finds nothing wrong where nothing is', async () => {
  const { code, checks } = await examined()
  expect([...checks.values()].filter(({ state }) => state !== 'ok')).toEqual([])
  expect(code).toBe(0)
})

test('doctor finds a file of secrets that others may read', async () => {
  const path = join(plane.home, 'client.json')
  await chmod(path, 0o644)
  const { code, checks } = await examined()
  await chmod(path, 0o600)
  expect(code).toBe(1)
  expect(checks.get('secret files')).toMatchObject({ state: 'fail', advice: `close them: chmod 600 ${path}` })
})

test('doctor finds a key that is no longer good', async () => {
  const { code, checks } = await examined({ TOYGRES_API_KEY: 'toygres_0123456789abcdef_nonsense' })
  expect(code).toBe(1)
  expect(checks.get('server')).toMatchObject({ state: 'ok' })
  expect(checks.get('key')).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('the key of TOYGRES_API_KEY'),
    advice: expect.stringContaining('TOYGRES_API_KEY'),
  })
  const { stdout } = await plane.cli('keys', 'create', 'examiner')
  expect((await examined({ TOYGRES_API_KEY: stdout.trim() })).checks.get('key')).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('the key of TOYGRES_API_KEY'),
  })
  expect((await examined()).checks.get('key')?.detail).toContain('client.json')
})

test('doctor finds a control plane that was killed, and a report of that is written too', async () => {
  await plane.kill()
  const { code, checks } = await examined()
  expect(code).toBe(1)
  expect(checks.get('process')).toMatchObject({
    state: 'fail',
    advice: expect.stringContaining('toygres up'),
  })
  expect(checks.get('port')).toMatchObject({ state: 'ok' })
  const report = await plane.cli('report', '--file', join(directory, 'of-a-dead-one.tar.gz'))
  expect(report.code, report.stderr).toBe(0)
  await plane.up()
})
