import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { until } from '../harness/until.ts'
import { expectGolden, transcript } from './golden.ts'

let plane: TestControlPlane
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-golden-'))
  plane = await startControlPlane({ env: { TOYGRES_CONTEXTS: join(directory, 'contexts.json') } })
  await plane.cli('create', 'orders', '--version', '17')
  const toygres = await plane.sdk()
  await until(async () => (await toygres.instances.get('orders')).healthStatus === 'healthy')
}, 180_000)
afterAll(async () => {
  await plane[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

/** One transcript of one or several commands, one after the other. */
async function golden(name: string, ...lines: readonly (readonly string[])[]): Promise<void> {
  const texts = []
  for (const args of lines) texts.push(transcript(args, await plane.cli(...args)))
  await expectGolden(`output/${name}`, texts.join('\n'))
}

const forms = (args: readonly string[], ...formats: string[]) => [
  args,
  ...formats.map((format) => [...args, '-o', format]),
]

test('list', () =>
  golden(
    'list',
    ...forms(['list'], 'json', 'yaml', 'name'),
    ['list', '--columns', 'name,version,provider', '--no-headers'],
    ['list', '--columns', 'name,colour'],
  ))

test('get', () => golden('get', ...forms(['get', 'orders'], 'json', 'yaml', 'name'), ['get', 'nobody']))
test('get, as JSON, of what is not there', () => golden('get-nobody', ['get', 'nobody', '-o', 'name']))
test('url', () => golden('url', ...forms(['url', 'orders'], 'json')))

test('create and delete', () =>
  golden(
    'create-and-delete',
    ['create', 'fresh'],
    ['create', 'fresh'],
    ['create', 'Bad_Name'],
    ['delete', 'fresh'],
    ['delete', 'fresh', '--yes'],
    ['get', 'fresh'],
  ))

test('the operations', async () => {
  const { items } = await (await plane.sdk()).operations.list({ instance: 'orders' })
  const id = items[0]?.id ?? ''
  await golden('ops-list', ...forms(['ops', 'list', '--instance', 'orders'], 'json', 'name'))
  await golden('ops-get', ...forms(['ops', 'get', id], 'json'))
  await golden('ops-wait', ['ops', 'wait', id])
  await golden('ops-watch', ...forms(['ops', 'watch', id], 'json'))
  await golden('ops-cancel', ['ops', 'cancel', id])
  await golden('ops-retry', ['ops', 'retry', id])
})

test('health and drift', async () => {
  await golden('health-get', ...forms(['health', 'get', 'orders'], 'json'))
  await golden('health-events', ...forms(['health', 'events', 'orders'], 'json'))
  await golden('health-set', ['health', 'set', 'orders', '--every', '1h'])
  await golden('drift-list', ...forms(['drift', 'list'], 'json'))
})

test('what happened', () =>
  golden('events', ...forms(['events', 'orders', '--columns', 'instance,what,step,state'], 'json')))

test('keys', async () => {
  await golden('keys-create', ['keys', 'create', 'dashboard', '--role', 'viewer', '--expires', '30d'])
  const { items } = await (await plane.sdk()).keys.list()
  await golden('keys-revoke', ['keys', 'revoke', items[0]?.id ?? ''])
})

test('contexts', async () => {
  await golden(
    'context',
    ['context', 'list'],
    ['context', 'current'],
    ['context', 'use', 'nowhere'],
    ['context', 'add', 'prod', '--url', 'http://127.0.0.1:9'],
    ['context', 'remove', 'nowhere'],
    ['context', 'list', '-o', 'json'],
  )
})

test('version, and what shells and man are given', async () => {
  await golden('version', ...forms(['version'], 'json'))
  for (const shell of ['bash', 'zsh', 'fish']) await golden(`completion-${shell}`, ['completion', shell])
  await golden('man', ['man'])
})

test('doctor', () => golden('doctor', ['doctor', '-o', 'json'], ['doctor', '--home', '/nowhere']))
