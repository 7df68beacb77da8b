import { createServer } from 'node:net'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startControlPlane, toygres } from '../harness/control-plane/index.ts'
import { createEmptyDatabase } from '../harness/postgres/index.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'toygres up and down '))
  // As most directories are: servers pass through it.
  await chmod(home, 0o755)
})
afterEach(async () => {
  await run('down', '--all')
  await rm(home, { recursive: true })
})
const run = (...args: string[]) => toygres(args, { TOYGRES_HOME: home })

test('up --detach returns once it listens; a second one says so; down stops it; a second down has nothing to do', async () => {
  const up = await run('up', '--detach', '--port', '0')
  expect(up.code, up.stderr).toBe(0)
  expect(up.stdout).toMatch(/^Toygres listens on http:\/\/127\.0\.0\.1:\d+ \(pid \d+, log .*\)\.\n/)
  expect(up.stdout).toContain('toygres create')
  expect((await run('list')).code).toBe(0)

  const again = await run('up', '--detach', '--port', '0')
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('runs already: http://127.0.0.1:') })

  expect(await run('down')).toMatchObject({ code: 0, stdout: expect.stringContaining('has stopped') })
  expect((await run('list')).stderr).toContain('start it with "toygres up"')
  expect(await run('down')).toMatchObject({ code: 0, stdout: expect.stringContaining('does not run') })
})

test('of two that start at once, one runs and the other says so', async () => {
  const both = await Promise.all([1, 2].map(() => run('up', '--detach', '--port', '0')))
  expect(
    both.map(({ code }) => code),
    both.map(({ stderr }) => stderr).join(),
  ).toEqual([0, 0])
  const urls = both.map(({ stdout }) => /http:\/\/[0-9.:]+/.exec(stdout)?.[0])
  expect(urls[0]).toBe(urls[1])
})

test('down --all stops the instances, and up starts them again with their data', async () => {
  await run('up', '--detach', '--port', '0')
  const { stdout: url } = await run('create', 'orders')
  await run('psql', 'orders', '--', '-qc', 'create table kept as select 42 as answer')
  expect((await run('down', '--all')).stdout).toContain('1 instance stopped')

  await run('up', '--detach', '--port', '0')
  const { stdout } = await run('ops', 'list', '-o', 'json')
  const { items } = JSON.parse(stdout) as { items: { id: string; workflow: string }[] }
  expect(items[0]?.workflow).toBe('start-instance')
  await run('ops', 'watch', items[0]?.id ?? '')
  expect((await run('psql', 'orders', '--', '-Atc', 'select answer from kept')).stdout).toBe('42\n')
  expect((await run('url', 'orders')).stdout).toBe(url)
})

test('SIGTERM during a create lets it end, and the exit code is 0', async () => {
  await using plane = await startControlPlane()
  await plane.cli('create', 'orders', '--no-wait')
  expect(await plane.stop()).toBe(0)
  await plane.up()
  const toygres = await plane.sdk()
  const { items } = await toygres.operations.list({ instance: 'orders' })
  const operation = await toygres.operations.get(items[0]?.id ?? '')
  expect((await operation.wait()).state).toBe('succeeded')
})

test('a home is made with all that is missing above it', async () => {
  const deep = join(home, 'new', 'home')
  const up = await run('up', '--detach', '--port', '0', '--home', deep)
  expect(up.code, up.stderr).toBe(0)
  expect((await stat(deep)).mode & 0o007).toBe(0)
  expect((await run('create', 'orders', '--home', deep)).code).toBe(0)
  expect((await run('down', '--all', '--home', deep)).code).toBe(0)
})

test('a port that is busy is one clear line', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const { code, stderr } = await run('up', '--port', String(port))
  server.close()
  expect(code).toBe(1)
  expect(stderr).toMatch(new RegExp(`^toygres: .*${port}.*\n$`))
})

test.for([
  [['--port', 'x'], 2, '--port takes a number from 0 to 65535'],
  [['--provider', 'cloud'], 2, '--provider takes: local'],
  [['--database-url', 'mysql://localhost/x'], 2, '--database-url takes postgres://'],
  [['--nonsense'], 2, "unknown option '--nonsense'"],
  [['--database-url', 'postgres://nobody:secret@127.0.0.1:9/none'], 1, 'postgres://nobody@127.0.0.1:9/none'],
] as const)('up %j ends with %i and says what is wrong', async ([args, code, sentence]) => {
  const ended = await run('up', ...args)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toContain(sentence)
  expect(ended.stderr).not.toContain('secret')
  expect(ended.stderr).not.toMatch(/^\s+at /m)
})

test('a database of the user is used as it is told, and its password stays out of what is said', async () => {
  await using database = await createEmptyDatabase()
  const up = await toygres(['up', '--detach', '--port', '0'], {
    TOYGRES_HOME: home,
    TOYGRES_DATABASE_URL: database.url,
  })
  expect(up.code, up.stderr).toBe(0)
  const { stdout } = await run('status', '-o', 'json')
  expect(JSON.parse(stdout)).toMatchObject({ database: { embedded: false } })
  const password = new URL(database.url).password
  const log = await readFile(join(home, 'logs', 'control-plane.log'), 'utf8')
  expect(`${up.stdout}${stdout}${log}`).not.toContain(password)
})
