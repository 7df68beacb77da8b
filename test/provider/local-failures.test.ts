import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  access,
  glob,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { type Server, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { InstanceSpec } from '@toygres/providers'
import { localCrashPoints, stopAllInstances } from '@toygres/providers/local'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { canMount, smallDisk, type SmallDisk } from '../harness/small-disk.ts'
import { type LocalWorld, enterLocalWorld, postmasterPid } from './local-world.ts'
import { logIn } from './log-in.ts'
import { newInstance } from './new-instance.ts'

const execute = promisify(execFile)
async function create({ provider }: LocalWorld, spec: InstanceSpec) {
  await provider.ensure(spec)
  return untilReady({ provider }, spec)
}

async function untilReady({ provider }: Pick<LocalWorld, 'provider'>, spec: InstanceSpec) {
  return vi.waitFor(
    async () => {
      const seen = await provider.observe(spec)
      if (seen.phase !== 'ready') throw new Error(JSON.stringify(seen))
      return seen.address
    },
    { timeout: 30_000, interval: 20 },
  )
}

async function listenOn(port: number): Promise<Server & AsyncDisposable> {
  const server = createServer()
  server.listen({ host: '127.0.0.1', port })
  await once(server, 'listening')
  return server
}

/** PostgreSQL as it runs while the password is set, once it has said that it is there. */
async function singleUser({ home }: LocalWorld, directory: string) {
  const { uid, gid } = await stat(directory)
  const found = await glob(join(home, '*/**/bin/postgres')).next()
  const program: string = found.done ? expect.unreachable('it is installed') : found.value
  const child = spawn(program, ['--single', '-D', directory, 'postgres'], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(process.getuid?.() === uid ? {} : { uid, gid }),
  })
  const ended = once(child, 'close').then(([, signal]: unknown[]) => signal)
  await once(child.stdout, 'data')
  return { pid: child.pid ?? expect.unreachable('it was started'), ended }
}

describe('on a machine with room', () => {
  let world: LocalWorld
  const dataOf = ({ id }: InstanceSpec) => join(world.home, 'instances', id, 'data')
  const stop = () => stopAllInstances(world.home)

  beforeAll(async () => {
    world = await enterLocalWorld({ ports: 2 })
  })
  afterEach(async () => {
    for (const found of await world.provider.list()) await world.provider.remove(found)
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
  })

  test('a port that a foreign program holds is passed over', async () => {
    const { first } = world.portRange
    await using _foreign = await listenOn(first)
    expect(await create(world, newInstance())).toEqual({ host: '127.0.0.1', port: first + 1 })
  })

  test('when every port is taken, the refusal says so and nothing is left of the instance', async () => {
    await using _foreign = await listenOn(world.portRange.first)
    await create(world, newInstance())
    const spec = newInstance()
    await expect(world.provider.ensure(spec)).rejects.toMatchObject({
      code: 'NO_FREE_PORT',
      permanent: false,
    })
    expect(await world.provider.observe(spec)).toEqual({ phase: 'absent' })
    expect(await world.traces(spec)).toEqual([])
  })

  test('an instance whose port was taken while it was down says so, and comes back there once it is free', async () => {
    const spec = newInstance()
    const address = await create(world, spec)
    await stop()
    {
      await using _foreign = await listenOn(address.port)
      expect(await world.provider.observe(spec)).toMatchObject({ phase: 'failed', code: 'PORT_TAKEN' })
      await expect(world.provider.ensure(spec)).rejects.toMatchObject({
        code: 'PORT_TAKEN',
        permanent: false,
      })
    }
    expect(await world.provider.observe(spec)).toMatchObject({ phase: 'stopped' })
    await world.provider.ensure(spec)
    expect(await untilReady(world, spec)).toEqual(address)
  })

  test.for(localCrashPoints.filter((point) => point.startsWith('move.')))(
    'a crash at %s, on the way to another port than the first one, is finished by the next ensure',
    async (point) => {
      const spec = newInstance()
      expect(await world.elsewhere('ensure', spec, 'ensure.data-recorded')).toBe('killed')
      // Somebody takes its port before it ever listened there.
      await using _foreign = await listenOn(world.portRange.first)
      expect(await world.elsewhere('ensure', spec, point)).toBe('killed')
      const address = await create(world, spec)
      expect(address.port).toBe(world.portRange.first + 1)
      expect(await logIn(address, spec.password, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
      expect(await readdir(join(world.home, 'ports'))).toEqual([String(address.port)])
    },
  )

  const corrupt = { phase: 'failed', code: 'DATA_DIRECTORY_CORRUPT' }
  const gone = { phase: 'partial', detail: 'its data is not where it was' }
  test.for([
    ['is gone', (data: string) => rename(data, `${data}.elsewhere`), gone],
    ['is cut short', (data: string) => truncate(join(data, 'global', 'pg_control'), 100), corrupt],
    ['is of another version', (data: string) => writeFile(join(data, 'PG_VERSION'), '9.6\n'), corrupt],
    [
      'does not start',
      (data: string) => writeFile(join(data, 'global', 'pg_control'), Buffer.alloc(8192, 7)),
      corrupt,
    ],
  ] as const)('data that %s is reported, and left as it is', async ([, spoil, seen]) => {
    const spec = newInstance()
    await create(world, spec)
    await stop()
    await spoil(dataOf(spec))
    const before = await readdir(join(world.home, 'instances', spec.id), { recursive: true })
    await expect(world.provider.ensure(spec)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_CORRUPT',
      permanent: true,
    })
    expect(await world.provider.observe(spec)).toMatchObject(seen)
    const after = await readdir(join(world.home, 'instances', spec.id), { recursive: true })
    expect(after).toEqual(expect.arrayContaining(before.filter((path) => !path.includes('log'))))
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('a record that cannot be read is reported, and the instance can still be removed', async () => {
    const spec = newInstance()
    await create(world, spec)
    await writeFile(join(world.home, 'instances', spec.id, 'instance.json'), '{"port": "no')
    await expect(world.provider.ensure(spec)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_CORRUPT' })
    expect(await world.provider.list()).toMatchObject([{ id: spec.id, observation: { phase: 'failed' } }])
    expect(await world.provider.remove(spec)).toEqual([])
    expect(await world.traces(spec)).toEqual([])
  })

  test('something else in the place of a record hides no other instance, and can be removed', async () => {
    const [broken, whole] = [newInstance(), newInstance()]
    await create(world, broken)
    await create(world, whole)
    const record = join(world.home, 'instances', broken.id, 'instance.json')
    await rm(record)
    await mkdir(record)
    const found = await world.provider.list()
    expect(found).toHaveLength(2)
    expect(found).toContainEqual(
      expect.objectContaining({
        id: broken.id,
        observation: expect.objectContaining({ phase: 'failed', code: 'DATA_DIRECTORY_CORRUPT' }),
      }),
    )
    expect(found).toContainEqual(expect.objectContaining({ id: whole.id, name: whole.name }))
    expect(await world.provider.remove(broken)).toEqual([])
    expect(await world.traces(broken)).toEqual([])
  })

  test('what cannot be looked at hides no other instance', async () => {
    const whole = newInstance()
    await create(world, whole)
    const loop = newInstance()
    const path = join(world.home, 'instances', loop.id)
    await symlink(loop.id, path)
    try {
      const found = await world.provider.list()
      expect(found.find(({ id }) => id === loop.id)).toMatchObject({ observation: { phase: 'failed' } })
      expect(found.find(({ id }) => id === whole.id)).toMatchObject({ name: whole.name })
    } finally {
      await rm(path)
    }
  })

  test('binaries that are not installed are named, with the platform', async () => {
    const spec = newInstance()
    const { arch } = process
    Object.defineProperty(process, 'arch', { value: 'riscv64' })
    try {
      await expect(world.provider.ensure(spec)).rejects.toMatchObject({
        code: 'BINARIES_MISSING',
        permanent: true,
        message: expect.stringContaining(`@toygres-postgres-18/${process.platform}-riscv64`),
      })
    } finally {
      Object.defineProperty(process, 'arch', { value: arch })
    }
    expect(await world.traces(spec)).toEqual([])
  })

  test('a pid that another process got, as after a restart of the machine, is not taken for the server', async () => {
    const spec = newInstance()
    await create(world, spec)
    await stop()
    const file = [process.pid, dataOf(spec), 1, world.portRange.first, '', '127.0.0.1', '', 'ready   ', '']
    await writeFile(join(dataOf(spec), 'postmaster.pid'), file.join('\n'))
    expect(await world.provider.observe(spec)).toMatchObject({ phase: 'stopped' })
    await create(world, spec)
  })

  test('a server that hears nothing any more is removed all the same', async () => {
    const spec = newInstance()
    const address = await create(world, spec)
    const program = `sleep ${1e6 + process.pid}`
    const running = () =>
      execute('pgrep', ['-fx', program]).then(
        ({ stdout }) => stdout,
        () => '',
      )
    const copying = logIn(address, spec.password, (sql) =>
      sql.unsafe(`copy (select) to program '${program}'`),
    )
    copying.catch(() => {})
    await expect.poll(running).not.toBe('')
    process.kill(await postmasterPid(world.home, spec), 'SIGSTOP')
    expect(await world.provider.observe(spec)).toEqual({
      phase: 'starting',
      detail: 'its server runs, and does not answer',
    })
    expect(await world.provider.remove(spec)).toEqual([])
    expect(await world.traces(spec)).toEqual([])
    expect(await running()).toBe('')
  })

  /** Kills a server that cannot tell its backends: whether they see that it is gone, they are not asked. */
  async function killAmongTheDeaf(spec: InstanceSpec): Promise<void> {
    const postmaster = await postmasterPid(world.home, spec)
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
    for (const pid of children.match(/\d+/g) ?? []) process.kill(Number(pid), 'SIGSTOP')
    process.kill(postmaster, 'SIGKILL')
  }

  test('what outlives a killed server, since it hears nothing either, is removed with it', async () => {
    const spec = newInstance()
    await create(world, spec)
    await killAmongTheDeaf(spec)
    expect(await world.provider.remove(spec)).toEqual([])
    expect(await world.traces(spec)).toEqual([])
  })

  test('what outlives a killed server keeps it from no start, with its data', async () => {
    const spec = newInstance()
    const address = await create(world, spec)
    await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
    await killAmongTheDeaf(spec)
    expect(await create(world, spec)).toEqual(address)
    expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
      { answer: 42 },
    ])
  })

  test('somebody who mends a database in single-user mode is left alone by a start', async () => {
    const spec = newInstance()
    await create(world, spec)
    await stop()
    const { pid, ended } = await singleUser(world, dataOf(spec))
    await expect(world.provider.ensure(spec)).rejects.toMatchObject({ code: 'START_FAILED' })
    process.kill(pid, 'SIGTERM')
    expect(await ended).toBeNull()
  })

  test('a shell that stands in the data directory is left alone', async () => {
    const spec = newInstance()
    await create(world, spec)
    const shell = spawn('sleep', ['600'], { cwd: dataOf(spec), stdio: 'ignore' })
    process.kill(await postmasterPid(world.home, spec), 'SIGSTOP')
    expect(await world.provider.remove(spec)).toEqual([])
    expect(shell.exitCode ?? shell.signalCode).toBeNull()
    shell.kill()
  })

  test.for([['ensure'], ['remove']] as const)(
    'what a killed control plane left half made, with a process that hangs in it, is out of the way of the next %s',
    async ([verb]) => {
      const spec = newInstance()
      expect(await world.elsewhere('ensure', spec, 'ensure.data-cloned')).toBe('killed')
      const hung = await singleUser(world, `${dataOf(spec)}.partial`)
      process.kill(hung.pid, 'SIGSTOP')
      if (verb === 'ensure') await create(world, spec)
      else expect(await world.provider.remove(spec)).toEqual([])
      expect(await hung.ended).toBe('SIGKILL')
    },
  )

  test('stopping all leaves the data, and needs no provider', async () => {
    const specs = [newInstance(), newInstance()]
    for (const spec of specs) {
      const address = await create(world, spec)
      await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
    }
    expect((await stop()).toSorted()).toEqual(specs.map(({ id }) => id).toSorted())
    for (const spec of specs) expect(await world.provider.observe(spec)).toMatchObject({ phase: 'stopped' })
    for (const spec of specs) {
      const address = await create(world, spec)
      expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
        { answer: 42 },
      ])
    }
  })

  test('the password and our environment are nowhere to be found', async () => {
    process.env['TOYGRES_SECRET_OF_OURS'] = 'not for servers'
    try {
      const spec = newInstance()
      await create(world, spec)
      const found = await execute('grep', ['-rlF', '--', spec.password, join(world.home, 'instances')]).catch(
        (error: { stdout: string }) => error,
      )
      expect(found.stdout).toBe('')
      if (process.platform !== 'linux') return
      const pid = await postmasterPid(world.home, spec)
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(spec.password)
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('TOYGRES_SECRET_OF_OURS')
    } finally {
      delete process.env['TOYGRES_SECRET_OF_OURS']
    }
  })
})

describe.skipIf(!canMount)(
  'on a full disk (needs the right to mount, for a small file system of its own)',
  () => {
    const binariesAndTemplateMb = 105
    let disk: SmallDisk
    let world: LocalWorld

    const mount = async (sizeMb: number) => {
      disk = await smallDisk(sizeMb)
      world = await enterLocalWorld({ home: join(disk.path, 'home') })
    }
    afterEach(async () => {
      await world[Symbol.asyncDispose]()
      await disk[Symbol.asyncDispose]()
    })

    test.for([50, binariesAndTemplateMb])(
      'a first create on %i MB is refused and leaves nothing',
      async (sizeMb) => {
        await mount(sizeMb)
        const spec = newInstance()
        await expect(world.provider.ensure(spec)).rejects.toMatchObject({
          code: 'DISK_FULL',
          permanent: false,
        })
        expect(await world.provider.observe(spec)).toEqual({ phase: 'absent' })
        expect(await world.traces(spec)).toEqual([])
      },
    )

    test('an instance that cannot recover for want of room is kept, and does once there is some', async () => {
      await mount(400)
      const spec = newInstance()
      const address = await create(world, spec)
      const [row] = await logIn(address, spec.password, async (sql) => {
        await sql`create table kept as select generate_series(1, 100000) as n`
        return sql`select pg_relation_filepath('kept') as path`
      })
      const data = join(world.home, 'instances', spec.id, 'data')
      await world.provider[Symbol.asyncDispose]()
      await world.killServer(spec)
      // As if it had not been written before the crash: recovery writes it again, for which it needs room.
      await truncate(join(data, String(row?.['path'])))
      await disk.fill()

      // What it says at first may still be of the recovery that a worker of the killed server holds up.
      const refusal = () =>
        world.provider.ensure(spec).then(
          () => null,
          (error: unknown) => error,
        )
      await expect.poll(refusal, { timeout: 20_000 }).toMatchObject({ code: 'DISK_FULL', permanent: false })
      await access(join(data, 'PG_VERSION'))
      await disk.clear()
      await create(world, spec)
      expect(await logIn(address, spec.password, (sql) => sql`select count(*)::int as n from kept`)).toEqual([
        { n: 100_000 },
      ])
    })
  },
)
