import { createServer } from 'node:net'
import { once } from 'node:events'
import { access, chmod, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startControlPlane, toygres } from '../harness/control-plane/index.ts'
import { ask } from '../harness/domain/index.ts'
import { createEmptyDatabase } from '../harness/postgres/index.ts'
import { openSilentPort } from '../harness/silent-port.ts'
import { until } from '../harness/until.ts'

// Each test starts a control plane or two from nothing.
vi.setConfig({ testTimeout: 180_000 })

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

  const port = Number(/:(\d+)/.exec(up.stdout)?.[1])
  expect((await run('up', '--port', String(port))).code).toBe(0)
  for (const detach of [[], ['--detach']]) {
    const elsewhere = await run('up', ...detach, '--port', String(port === 1024 ? 1025 : 1024))
    expect(elsewhere).toMatchObject({ code: 1, stdout: '' })
    expect(elsewhere.stderr).toMatch(
      /^toygres: Toygres runs already, and not on port 102[45]: http.*"toygres down"\n$/,
    )
  }

  // What it was asked for and is not is told; a password is told to nobody.
  for (const [flags, told] of [
    [['--host', '0.0.0.0'], 'not on host 0.0.0.0: http'],
    [['--provider', 'kubernetes'], 'not with provider kubernetes: http'],
    [
      ['--database-url', 'postgres://me:secret@elsewhere/toygres?password=secret'],
      'not with the database postgres://me@elsewhere/toygres: http',
    ],
    [['--host', '0.0.0.0', '--provider', 'kubernetes'], 'not on host 0.0.0.0, nor with provider kubernetes'],
  ] as const) {
    const otherwise = await run('up', '--detach', ...flags)
    expect(otherwise).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(told) })
    expect(otherwise.stderr).not.toContain('secret')
  }
  expect((await run('up', '--host', '127.0.0.1', '--provider', 'local')).code).toBe(0)

  expect(await run('down')).toMatchObject({ code: 0, stdout: expect.stringContaining('has stopped') })
  expect((await run('list')).stderr).toContain('start it with "toygres up"')
  expect(await run('down')).toMatchObject({ code: 0, stdout: expect.stringContaining('does not run') })
})

test('of one that hangs a second one says so, and what to do', async () => {
  const { stdout } = await run('up', '--detach', '--port', '0')
  const pid = Number(/pid (\d+)/.exec(stdout)?.[1])
  process.kill(pid, 'SIGSTOP')
  try {
    const again = await Promise.all([run('up'), run('up', '--detach')])
    for (const { code, stdout: said, stderr } of again) {
      expect({ code, said }).toEqual({ code: 1, said: '' })
      expect(stderr).toMatch(
        new RegExp(
          `^toygres: Toygres runs already .pid ${pid}., and does not answer at http.*"kill -CONT ${pid}".*\n$`,
        ),
      )
    }
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  expect(await run('up')).toMatchObject({ code: 0, stdout: expect.stringContaining('runs already: http') })
})

test('a start in the background that is killed says by what, and where to look', async () => {
  await using database = await openSilentPort()
  const url = database.url.replace('http:', 'postgres:')
  const up = run('up', '--detach', '--port', '0', '--database-url', `${url}/none`)
  const runFile = join(home, 'control-plane.json')
  await until(() =>
    access(runFile).then(
      () => true,
      () => false,
    ),
  )
  process.kill((JSON.parse(await readFile(runFile, 'utf8')) as { pid: number }).pid, 'SIGKILL')
  expect(await up).toEqual({
    code: 1,
    stdout: '',
    stderr: `toygres: it was ended by SIGKILL before it listened; see ${join(home, 'logs')}\n`,
  })
  // What it has begun may be of use to who starts it again.
  await access(join(home, 'logs'))
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

test.for([
  ['is gone', (file: string) => rm(file)],
  ['is garbage', (file: string) => writeFile(file, '{"pid": "soon"')],
  ['names another process', (file: string) => writeFile(file, '{"pid": 1, "process": "1-1", "url": null}')],
] as const)(
  'down finds the control plane whose control-plane.json %s, and stops it before its database',
  async ([, spoil]) => {
    const { stdout } = await run('up', '--detach', '--port', '0')
    const pid = /pid (\d+)/.exec(stdout)?.[1]
    await spoil(join(home, 'control-plane.json'))
    const down = await run('down')
    expect(down).toMatchObject({ code: 0, stdout: `Toygres (pid ${pid}) has stopped.\n` })
    const log = await readFile(join(home, 'logs', 'control-plane.log'), 'utf8')
    expect(log).not.toContain('the metadata PostgreSQL had ended')
  },
)

test.for(["apos'trophe", 'back\\slash', 'per%cent', 'söme ünicode', 'equals=sign'])(
  'a home in a directory called %s is as good as any other',
  async (name) => {
    const odd = join(home, name)
    const up = await run('up', '--detach', '--port', '0', '--home', odd)
    expect(up.code, up.stderr).toBe(0)
    const { stdout: url, stderr } = await run('create', 'orders', '--home', odd)
    expect(url, stderr).toMatch(/^postgres:/)
    expect(await ask(url.trim(), 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await run('down', '--all', '--home', odd)).stdout).toContain('1 instance stopped')
  },
)

test.for(['quo"te', '$HOME', 'back`tick'])(
  'a home in a directory called %s, which initdb cannot bear, is refused before anything is there',
  async (name) => {
    const { code, stdout, stderr } = await run('up', '--detach', '--home', join(home, name))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^toygres: PostgreSQL cannot be set up in .* choose a --home without .*\n$/)
    await expect(access(join(home, name))).rejects.toThrow()
  },
)

test('down --all stops the instances, and up starts them again with their data', async () => {
  await run('up', '--detach', '--port', '0')
  const { stdout: url } = await run('create', 'orders')
  await ask(url.trim(), 'create table kept as select 42 as answer')
  expect((await run('down', '--all')).stdout).toContain('1 instance stopped')

  await run('up', '--detach', '--port', '0')
  const { stdout } = await run('ops', 'list', '-o', 'json')
  const { items } = JSON.parse(stdout) as { items: { id: string; workflow: string }[] }
  expect(items[0]?.workflow).toBe('start-instance')
  await run('ops', 'watch', items[0]?.id ?? '')
  expect((await run('url', 'orders')).stdout).toBe(url)
  expect(await ask(url.trim(), 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('SIGTERM during a create finishes the step that runs, or hands it back, and the exit code is 0', async () => {
  await using database = await createEmptyDatabase()
  await using plane = await startControlPlane({ args: ['--database-url', database.url] })
  await plane.cli('create', 'orders', '--no-wait')
  expect(await plane.stop()).toBe(0)
  // Who just ends leaves a lease that others must wait out.
  expect(await ask(database.url, 'select id from workers where lease_until > now()')).toEqual([])
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

test('a directory that is in use by something else is refused, and stays as it is', async () => {
  await writeFile(join(home, 'file'), '')
  // A user of its own, because for us alone any directory of ours is as good as another.
  if (process.getuid?.() !== 0) await chmod(home, 0o500)
  const before = await stat(home)
  const { code, stdout, stderr } = await run('up', '--detach', '--port', '0')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^toygres: .*\n$/)
  expect(await readdir(home)).toEqual(['file'])
  expect(await stat(home)).toMatchObject({ uid: before.uid, gid: before.gid, mode: before.mode })
  await chmod(home, 0o755)
})

test('without its secrets a home is not given new ones, and nothing is left running', async () => {
  await run('up', '--detach', '--port', '0')
  await run('down')
  const secrets = join(home, 'secrets.json')
  await rename(secrets, `${secrets}.elsewhere`)
  const { code, stderr } = await run('up', '--port', '0')
  expect(code).toBe(1)
  expect(stderr).toContain(`${secrets} is gone`)
  await expect(access(secrets)).rejects.toThrow()
  await expect(access(join(home, 'metadata/data/postmaster.pid'))).rejects.toThrow()
})

test.for([
  ['is no JSON', () => '{"sealingKey": "soon"'],
  ['has a key that is too short', (kept: object) => JSON.stringify({ ...kept, sealingKey: 'c2hvcnQ=' })],
] as const)('of secrets whose file %s nothing is advised that loses them for good', async ([, spoilt]) => {
  await run('up', '--detach', '--port', '0')
  await run('down')
  const secrets = join(home, 'secrets.json')
  const kept = await readFile(secrets, 'utf8')
  await writeFile(secrets, spoilt(JSON.parse(kept) as object))
  const { stderr: ofSpoilt } = await run('up', '--port', '0')
  await rm(secrets)
  const { stderr: ofGone } = await run('up', '--port', '0')
  const advice = 'put it back from your backup, without it nothing that is kept here can be opened'
  expect([ofSpoilt, ofGone]).toEqual([
    `toygres: ${secrets} is not what Toygres wrote there: ${advice}\n`,
    `toygres: ${secrets} is gone: ${advice}\n`,
  ])
  await writeFile(secrets, kept)
  expect(await run('up', '--detach', '--port', '0')).toMatchObject({ code: 0 })
})

test('an "up" that fails after its database has started stops it again', async () => {
  await run('up', '--detach', '--port', '0')
  await run('down')
  const secrets = join(home, 'secrets.json')
  const wrong = {
    ...(JSON.parse(await readFile(secrets, 'utf8')) as object),
    metadataPassword: 'x'.repeat(32),
  }
  await writeFile(secrets, JSON.stringify(wrong))
  const { code, stderr } = await run('up', '--port', '0')
  expect(code).toBe(1)
  expect(stderr).toContain('refuses the login')
  await expect(access(join(home, 'metadata/data/postmaster.pid'))).rejects.toThrow()
})

test.skipIf(process.platform !== 'linux')(
  'the password of the database is not among the arguments that everybody can list',
  async () => {
    await using database = await createEmptyDatabase()
    await using plane = await startControlPlane({ args: ['--database-url', database.url] })
    const shown = await readFile(`/proc/${plane.pid()}/cmdline`, 'utf8')
    expect(shown).toContain('toygres up')
    expect(shown).not.toContain(new URL(database.url).password)
  },
)

test('an empty variable is one that is not set', async () => {
  const env = { TOYGRES_HOME: home, TOYGRES_PORT: '', TOYGRES_HOST: '', TOYGRES_DATABASE_URL: '' }
  const { code, stderr } = await toygres(['up', '--provider', 'cloud'], env)
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'toygres: --provider takes: local, kubernetes\n' })
})

test.for([false, true])(
  'a start that is refused leaves nothing behind (detached: %s)',
  async (isDetached) => {
    const detach = isDetached ? ['--detach'] : []
    const database = ['--database-url', 'postgres://nobody:secret@127.0.0.1:9/none']
    const absent = join(home, 'absent')
    expect((await run('up', ...detach, '--port', '0', ...database, '--home', absent)).code).toBe(1)
    await expect(access(absent)).rejects.toThrow()
    expect((await run('up', ...detach, '--port', '0', ...database)).code).toBe(1)
    expect(await readdir(home)).toEqual([])
  },
)

test('a port that is busy is one clear line', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const { code, stderr } = await run('up', '--port', String(port))
  server.close()
  expect(code).toBe(1)
  expect(stderr).toMatch(new RegExp(`^toygres: .*${port}.*\n$`))
  expect(await readdir(home)).toEqual([])
})

test.for([
  [['--port', ''], 2, '--port takes a number from 0 to 65535'],
  [['--home', ''], 2, '--home takes a directory'],
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
