import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { start, type RunningCommand } from './running.ts'

let plane: TestControlPlane
let directory: string
let client: { url: string; apiKey: string }
beforeAll(async () => {
  plane = await startControlPlane()
  await plane.cli('create', 'orders')
  client = JSON.parse(await readFile(join(plane.home, 'client.json'), 'utf8')) as typeof client
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-contexts-'))
  return () => rm(directory, { recursive: true })
})

/** On another machine: with a home of its own, in which nothing has run. */
const elsewhere = (): NodeJS.ProcessEnv => {
  const { TOYGRES_HOME: _, ...env } = plane.env
  return { ...env, HOME: directory, XDG_CONFIG_HOME: directory, TOYGRES_HOME: '' }
}
const file = () => join(directory, 'toygres', 'contexts.json')

async function add(...args: string[]): Promise<RunningCommand> {
  const command = start(['context', 'add', ...args], elsewhere())
  command.type(`${client.apiKey}\n`)
  command.endInput()
  expect(await command.ended(), command.stderr()).toBe(0)
  return command
}
async function ran(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  await using command = start(args, elsewhere())
  command.endInput()
  const code = await command.ended()
  return { code, stdout: command.stdout(), stderr: command.stderr() }
}

test('a context keeps an address and a key, for its owner alone, and is called once it is in use', async () => {
  await add('prod', '--url', client.url)
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  expect((await ran('list', '-o', 'name', '--context', 'prod')).stdout).toBe('orders\n')
  expect((await ran('list')).stderr).toContain('no control plane has run here yet')

  await ran('context', 'use', 'prod')
  expect((await ran('context', 'current')).stdout).toBe('prod\n')
  expect((await ran('list', '-o', 'name')).stdout).toBe('orders\n')
  const { stdout } = await ran('context', 'list', '-o', 'json')
  expect(stdout).toContain(client.url)
  expect(stdout).not.toContain(client.apiKey)

  await ran('context', 'remove', 'prod')
  expect(await readFile(file(), 'utf8')).not.toContain(client.apiKey)
  expect((await ran('context', 'current')).stdout).toBe('local\n')
})

test('a flag wins over the environment, that over the context in use', async () => {
  await add('prod', '--url', client.url, '--use')
  await add('other', '--url', 'http://127.0.0.1:9')
  const env = { ...elsewhere(), TOYGRES_CONTEXT: 'other' }
  await using away = start(['list'], env)
  expect(await away.ended()).toBe(1)
  await using named = start(['list', '-o', 'name', '--context', 'prod'], env)
  await named.ended()
  expect(named.stdout()).toBe('orders\n')
})

test.for([
  ['TOYGRES_HOME', '/tmp/elsewhere'],
  ['TOYGRES_URL', 'http://127.0.0.1:9'],
  ['TOYGRES_CONTEXT', 'local'],
] as const)(
  'a context that is put in use is not said to be called here where %s names another one',
  async ([variable, value]) => {
    const env = { ...elsewhere(), [variable]: value }
    for (const args of [
      ['add', 'prod', '--url', client.url, '--use'],
      ['use', 'prod'],
    ]) {
      await using command = start(['context', ...args, '-o', 'json'], env)
      command.type(`${client.apiKey}\n`)
      command.endInput()
      expect(await command.ended()).toBe(0)
      expect(command.stderr()).toBe(`prod is called from now on, but not here: ${variable} is set.\n`)
      expect(JSON.parse(command.stdout())).toMatchObject({ name: 'prod', inUse: false })
    }
    await using there = start(['context', 'use', 'prod', '-o', 'json'], {
      ...env,
      [variable]: variable === 'TOYGRES_CONTEXT' ? 'prod' : '',
    })
    expect(await there.ended()).toBe(0)
    expect(there.stderr()).toBe('prod is called from now on.\n')
    expect(JSON.parse(there.stdout())).toMatchObject({ inUse: true })
  },
)

test('a file of keys that others may read is not used', async () => {
  await add('prod', '--url', client.url, '--use')
  await chmod(file(), 0o644)
  const { code, stderr } = await ran('list')
  expect(code).toBe(1)
  expect(stderr).toContain(`chmod 600 ${file()}`)
})

test('a context is not overwritten by mistake', async () => {
  await add('prod', '--url', client.url)
  await using again = start(['context', 'add', 'prod', '--url', 'http://127.0.0.1:9'], elsewhere())
  expect(await again.ended()).toBe(4)
  await add('prod', '--url', 'http://127.0.0.1:9', '--force')
})

test.for([
  [['context', 'add', 'local', '--url', 'http://127.0.0.1:9'], 'the control plane of this machine'],
  [['context', 'add', 'a b', '--url', 'http://127.0.0.1:9'], 'is no name for a context'],
  [['context', 'add', 'prod', '--url', 'nowhere'], '--url takes'],
  [['context', 'add', 'prod'], "required option '--url <url>'"],
] as const)('%j is refused', async ([args, sentence]) => {
  const { code, stderr } = await ran(...args)
  expect(code).toBe(2)
  expect(stderr).toContain(sentence)
})
