import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProgram } from '../../apps/cli/src/program.ts'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { until } from '../harness/until.ts'
import { expectGolden, transcript } from './golden.ts'
import { start } from './running.ts'

type Command = ReturnType<typeof createProgram>

let plane: TestControlPlane
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-golden-'))
  // The user that servers run as passes through it.
  await chmod(directory, 0o755)
  plane = await startControlPlane({ env: { TOYGRES_CONTEXTS: join(directory, 'contexts.json') } })
  // Checked once, and not again while its transcripts are taken.
  await plane.cli('create', 'orders', '--version', '17', '--check-every', '1h')
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

const nothing = '01a20be1-26ef-7384-913c-a2b94ca8fc36'

test('list', () =>
  golden(
    'list',
    ...forms(['list'], 'json', 'yaml', 'name'),
    ['list', '--columns', 'name,version,provider', '--no-headers'],
    ['list', '--columns', 'name,colour'],
  ))

test('get', () => golden('get', ...forms(['get', 'orders'], 'json', 'yaml', 'name'), ['get', 'nobody']))
test('get, as JSON, of what is not there', () => golden('get-nobody', ...forms(['get', 'nobody'], 'json')))
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
    ['create', 'fresh', '-o', 'json'],
    ['delete', 'fresh', '--yes', '-o', 'json'],
  ))

test('several at once', () =>
  golden(
    'create-and-delete-several',
    ['create', 'one', 'orders', '-o', 'name'],
    ['delete', 'one', 'orders', '--dry-run'],
    ['delete', 'one', '--yes', '-o', 'name'],
  ))

test('changes, and plans of them', () =>
  golden(
    'update',
    ['update', 'orders', '--label', 'team=payments', '--dry-run'],
    ['update', 'orders', '--label', 'team=payments'],
    ['update', 'orders', '--remove-label', 'team', '-o', 'json'],
    ['update', 'orders', '--label', 'team=payments', '--if-match', 'old'],
    ['update', 'orders'],
    ['delete', 'orders', '--dry-run'],
    ['create', 'plan', '--dry-run', '-o', 'yaml'],
  ))

test('the operations', async () => {
  const { items } = await (await plane.sdk()).operations.list({ instance: 'orders' })
  const id = items[0]?.id ?? ''
  await golden('ops-list', ...forms(['ops', 'list', '--instance', 'orders'], 'json', 'name'))
  await golden('ops-get', ...forms(['ops', 'get', id], 'json'))
  await golden('ops-graph', ...forms(['ops', 'graph', id], 'json', 'name'))
  await golden('ops-wait', ...forms(['ops', 'wait', id], 'json'))
  await golden('ops-watch', ...forms(['ops', 'watch', id], 'json'))
  await golden('ops-cancel', ...forms(['ops', 'cancel', id], 'json'))
  await golden('ops-retry', ...forms(['ops', 'retry', id], 'json'))
})

test('health and drift', async () => {
  const longAgo = ['--since', '2026-01-31T12:00Z', '--until', '2026-01-31T13:00Z']
  await golden('health-get', ...forms(['health', 'get', 'orders'], 'json'))
  await golden(
    'health-history',
    ['health', 'history', 'orders', '--since', '1h', '--resolution', 'raw'],
    ...forms(['health', 'history', 'orders', ...longAgo], 'json'),
    ['health', 'history', 'nobody'],
    ['health', 'history', 'orders', '--since', 'yesterday'],
  )
  await golden('health-events', ...forms(['health', 'events', 'orders'], 'json'))
  await golden('health-set', ...forms(['health', 'set', 'orders', '--every', '1h'], 'json'))
  await golden('drift-list', ...forms(['drift', 'list'], 'json'))
})

test('what happened', () =>
  golden('events', ...forms(['events', 'orders', '--columns', 'instance,what,step,state'], 'json')))

test('logs', () =>
  golden('logs', ...forms(['logs', 'orders', '--tail', '1'], 'json'), ['logs', 'orders', '-n', 'all']))

test('the control plane', async () => {
  await golden('status', ...forms(['status'], 'json'))
  await golden('activity', ...forms(['activity'], 'json', 'name'))
  await golden(
    'top',
    ['top', '--once', '--columns', 'name,state,health,version'],
    ['top', '--once', '--no-headers', '--columns', 'name'],
    ['top', '--once', '-o', 'name'],
    ['top', '-o', 'json'],
  )
})

test('up and down', async () => {
  const elsewhere = { TOYGRES_HOME: join(directory, 'home'), TOYGRES_PORT: '0' }
  const lines = [['down'], ['up', '--detach'], ['up', '--detach'], ['list'], ['down', '--all'], ['list']]
  const texts = []
  for (const args of lines) texts.push(transcript(args, await plane.cliWith(elsewhere, ...args)))
  await expectGolden('output/up-and-down', texts.join('\n'))
})

test('projects', () =>
  golden(
    'projects',
    ['projects', 'create', 'acme', '--max-instances', '2'],
    ['projects', 'create', 'tests', '-o', 'json'],
    ...forms(['projects', 'get', 'acme'], 'json'),
    ...forms(['projects', 'update', 'acme', '--max-instances', 'none'], 'json'),
    ...forms(['projects', 'list'], 'json', 'name'),
    ['projects', 'delete', 'acme'],
    ['projects', 'delete', 'tests', '-o', 'json'],
    ['projects', 'get', 'acme'],
    ['list', '--project', 'acme'],
  ))

test('webhooks', async () => {
  const url = 'https://example.com/told'
  await golden(
    'webhooks-create',
    ...forms(['webhooks', 'create', url, '--on', 'instance.running', 'instance.failed'], 'json'),
    ['webhooks', 'create', 'http://example.com/told', '--on', 'instance.running'],
    ['webhooks', 'create', url],
  )
  const { items } = await (await plane.sdk()).webhooks.list()
  const [id = '', other = ''] = items.map((one) => one.id)
  await golden(
    'webhooks',
    ...forms(['webhooks', 'list'], 'json', 'name'),
    ...forms(['webhooks', 'get', id], 'json'),
    ...forms(['webhooks', 'update', id, '--disable'], 'json'),
    ...forms(['webhooks', 'deliveries', id], 'json'),
    ...forms(['webhooks', 'redeliver', id, nothing], 'json'),
    ['webhooks', 'delete', id],
    ['webhooks', 'delete', other, '-o', 'json'],
    ['webhooks', 'get', id],
  )
})

test('keys, and who did what', async () => {
  const create = ['keys', 'create', 'dashboard', '--role', 'viewer', '--expires', '30d']
  await golden('keys-create', ...forms(create, 'json'))
  const { items } = await (await plane.sdk()).keys.list()
  const [id = '', other = ''] = items.map((one) => one.id)
  await golden('keys-get', ...forms(['keys', 'get', id], 'json'))
  await golden(
    'keys-rotate',
    ['keys', 'rotate', id, '--overlap', '12h'],
    ['keys', 'rotate', other, '-o', 'json'],
  )
  await golden('keys-list', ...forms(['keys', 'list'], 'json'))
  await golden('keys-revoke', ...forms(['keys', 'revoke', id], 'json'))
  await golden('audit-list', ...forms(['audit', 'list', '--limit', '3'], 'json'))
})

test('contexts', async () => {
  const add = async (...args: string[]) => {
    await using command = start(args, plane.env)
    command.type('toygres_0123456789abcdef_kept\n')
    command.endInput()
    const code = (await command.ended()) ?? -1
    return transcript(args, { code, stdout: command.stdout(), stderr: command.stderr() })
  }
  const url = 'http://127.0.0.1:9'
  await expectGolden(
    'output/context-add',
    [
      await add('context', 'add', 'prod', '--url', url),
      await add('context', 'add', 'prod', '--url', url),
      await add('context', 'add', 'tests', '--url', url, '--project', 'acme', '-o', 'json'),
    ].join('\n'),
  )
  await golden(
    'context',
    ...forms(['context', 'list'], 'json', 'name'),
    ...forms(['context', 'current'], 'json'),
    ['context', 'use', 'nowhere'],
    ...forms(['context', 'use', 'prod'], 'json'),
    ['list', '--context', 'tests'],
    ['context', 'add', 'empty', '--url', url],
    ['context', 'remove', 'nowhere'],
    ['context', 'remove', 'tests'],
    ['context', 'remove', 'prod', '-o', 'json'],
  )
})

test('version, and what shells and man are given', async () => {
  await golden('version', ...forms(['version'], 'json'))
  for (const shell of ['bash', 'zsh', 'fish']) await golden(`completion-${shell}`, ['completion', shell])
  await golden('man', ['man'])
})

test('doctor', () => golden('doctor', ...forms(['doctor'], 'json'), ['doctor', '--home', '/nowhere']))

test('report', () =>
  golden(
    'report',
    ['report', '--file', join(directory, 'report.tar.gz')],
    ['report', '--file', join(directory, 'report.tar.gz')],
    ['report', '--file', join(directory, 'again.tar.gz'), '--instance-logs', '-o', 'json'],
  ))

test('stop and start', () =>
  golden(
    'stop-and-start',
    ['create', 'fresh', '-o', 'name'],
    ['stop', 'fresh', '--dry-run'],
    ['stop', 'fresh'],
    ['stop', 'fresh'],
    ['url', 'fresh'],
    ['get', 'fresh'],
    ['health', 'get', 'fresh'],
    ['start', 'fresh', 'orders', '--dry-run'],
    ['start', 'fresh', '--dry-run', '-o', 'json'],
    ['start', 'fresh'],
    ['stop', 'fresh', '-o', 'json'],
    ['start', 'fresh', '-o', 'json'],
    ['start', 'nobody', 'fresh'],
    ['start', 'fresh', 'orders', '-o', 'name'],
    ['stop', 'fresh', '--no-wait'],
    ['delete', 'fresh', '--yes', '-o', 'name'],
  ))

/** Goes on as a program of the machine, which may not be there: instances.test.ts has what it does. */
const anotherProgram = new Set(['psql'])
/** Print what is no object: a script, a page, or what the server's own program says. */
const withoutObject = new Set(['completion', 'man', 'up', 'down'])

test('every command has a transcript, and one with -o json', async () => {
  const files = new URL('golden/output/', import.meta.url)
  const texts = await Promise.all(
    (await readdir(files)).map((file) => readFile(new URL(file, files), 'utf8')),
  )
  const typed = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith('$ toygres '))
  const has = (path: string, isJson: boolean) =>
    typed.some((line) => `${line} `.startsWith(`$ toygres ${path} `) && line.endsWith('-o json') === isJson)
  const wanted = pathsOf(createProgram()).filter((path) => !anotherProgram.has(path))
  const missing = [
    ...wanted.filter((path) => !has(path, false)),
    ...wanted.filter((path) => !has(path, true) && !withoutObject.has(path)).map((path) => `${path} -o json`),
  ]
  expect(missing).toEqual([])
})

/** Those that do something, as they are typed. */
function pathsOf({ commands }: Command, above = ''): string[] {
  return commands
    .filter((command) => command.name() !== '__complete')
    .flatMap((command) => {
      const path = `${above}${command.name()}`
      return command.commands.length === 0 ? [path] : pathsOf(command, `${path} `)
    })
}
