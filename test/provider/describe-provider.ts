import { randomBytes } from 'node:crypto'
import type { InstanceProvider, InstanceRef, InstanceRun, InstanceSpec } from '@toygres/providers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { birthOf, untilDead } from './life.ts'
import { logIn } from './log-in.ts'
import { newInstance } from './new-instance.ts'

/** What changes something. */
export type Verb = 'ensure' | 'stop' | 'remove'

/** A provider to test, and the means to do to it what happens to it in the world. */
export interface ProviderWorld extends AsyncDisposable {
  readonly provider: InstanceProvider
  /** One of another control plane, at the same place. */
  another(): InstanceProvider & AsyncDisposable
  /** Does a verb in a process of its own. With `crashAt`, that process is killed with SIGKILL there. */
  elsewhere(verb: Verb, spec: InstanceSpec, crashAt?: string): Promise<'done' | 'killed'>
  /** Everything on the outside that has to do with the instance, found without the provider. */
  traces(instance: InstanceRef): Promise<string[]>
  /** Ends the instance's server by force. */
  killServer(instance: InstanceRef): Promise<void>
}

export interface ProviderUnderTest {
  /** Every place between two effects on the outside: `ensure.`, `stop.` or `remove.` and what was just done. */
  readonly crashPoints: readonly string[]
  enter(): Promise<ProviderWorld>
}

/** What every provider must hold. */
export function describeProvider(name: string, { crashPoints, enter }: ProviderUnderTest): void {
  describe(`the ${name} provider`, () => {
    let world: ProviderWorld
    let provider: InstanceProvider
    beforeAll(async () => {
      world = await enter()
      provider = world.provider
    })
    afterAll(async () => {
      await world[Symbol.asyncDispose]()
    })

    const untilReady = async (instance: InstanceRef) =>
      vi.waitFor(
        async () => {
          const seen = await provider.observe(instance)
          if (seen.phase !== 'ready') throw new Error(`${seen.phase}: ${'detail' in seen ? seen.detail : ''}`)
          return seen.address
        },
        { timeout: 30_000, interval: 20 },
      )
    const create = async (spec: InstanceSpec) => {
      await provider.ensure(spec)
      return untilReady(spec)
    }
    const expectNothingLeft = async (instance: InstanceRef) => {
      expect(await provider.observe(instance)).toEqual({ phase: 'absent' })
      expect((await provider.list()).map(({ id }) => id)).not.toContain(instance.id)
      expect(await world.traces(instance)).toEqual([])
    }
    const expectRemovable = async (instance: InstanceRef) => {
      expect(await provider.remove(instance)).toEqual([])
      await expectNothingLeft(instance)
    }

    test.for(['16', '17', '18'] as const)(
      'an instance of version %s takes the login it was made with',
      async (version) => {
        const spec = newInstance({ version })
        const address = await create(spec)
        const found = await logIn(address, spec.password, (sql) => sql`show server_version_num`)
        expect(String(found[0]?.['server_version_num'])).toMatch(new RegExp(`^${version}`))
        await expectRemovable(spec)
      },
    )

    test('what another control plane made is told from what we made', async () => {
      const ours = newInstance()
      await create(ours)
      await using another = world.another()
      const theirs = newInstance()
      await another.ensure(theirs)
      const told = async (one: InstanceProvider) =>
        Object.fromEntries((await one.list()).map(({ id, isAnothers }) => [id, isAnothers]))
      expect(await told(provider)).toMatchObject({ [ours.id]: false, [theirs.id]: true })
      expect(await told(another)).toMatchObject({ [ours.id]: true, [theirs.id]: false })
      // That it stops and starts it again makes it nobody else's.
      await vi.waitFor(async () => expect(await provider.stop(ours)).toBe(true), { timeout: 30_000 })
      await create(ours)
      expect(await told(another)).toMatchObject({ [ours.id]: true })
      expect(await another.remove(theirs)).toEqual([])
      await expectRemovable(ours)
    })

    test('no other password is taken, and none is not enough', async () => {
      const spec = newInstance()
      const address = await create(spec)
      for (const wrong of ['', `${spec.password}x`]) {
        await expect(logIn(address, wrong, (sql) => sql`select 1`)).rejects.toThrow(/password|authentication/)
      }
      await provider.remove(spec)
    })

    test('an instance that was never made is absent, and removing it removes nothing', async () => {
      const spec = newInstance()
      expect(await provider.observe(spec)).toEqual({ phase: 'absent' })
      await expectRemovable(spec)
    })

    test('ensuring what is there changes nothing', async () => {
      const spec = newInstance()
      const address = await create(spec)
      await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
      expect(await create(spec)).toEqual(address)
      expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
        { answer: 42 },
      ])
      await provider.remove(spec)
    })

    test('a killed server comes back where it was, with what was committed', async () => {
      const spec = newInstance()
      const address = await create(spec)
      await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
      const birth = await birthOf(address, spec)
      await world.killServer(spec)
      await untilDead(provider, spec, birth)
      // The processes of the dead server need a moment to notice, and a start is refused until they did.
      await vi.waitFor(() => provider.ensure(spec), { timeout: 20_000, interval: 100 })
      expect(await untilReady(spec)).toEqual(address)
      expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
        { answer: 42 },
      ])
      await provider.remove(spec)
    })

    const untilStopped = async (instance: InstanceRun) => {
      await vi.waitFor(
        async () => {
          if (!(await provider.stop(instance))) throw new Error('its server is on its way out')
          // Where a picture of the cluster is kept, it is a moment behind.
          expect(await provider.observe(instance)).toMatchObject({ phase: 'stopped' })
        },
        { timeout: 60_000, interval: 100 },
      )
    }

    test('a stopped instance is there without its server, and comes back where it was, with what was committed', async () => {
      const spec = newInstance()
      const address = await create(spec)
      await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
      const open = logIn(address, spec.password, (sql) => sql`select pg_sleep(600)`)
      open.catch(() => {})
      await untilStopped(spec)
      // Sessions do not keep it: they are ended.
      await expect(open).rejects.toThrow()
      await expect(logIn(address, spec.password, (sql) => sql`select 1`)).rejects.toThrow()
      const found = (await provider.list()).find(({ id }) => id === spec.id)
      expect(found).toMatchObject({ name: spec.name, observation: { phase: 'stopped' } })
      // That it is stopped is what we set.
      expect(found?.changes ?? []).toEqual([])
      await untilStopped(spec)
      expect(await create(spec)).toEqual(address)
      expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
        { answer: 42 },
      ])
      await expectRemovable(spec)
    })

    test('what was never made has no server to stop, and stopping it makes nothing', async () => {
      const spec = newInstance()
      expect(await provider.stop(spec)).toBe(true)
      await expectNothingLeft(spec)
    })

    test('a stopped instance is removed whole', async () => {
      const spec = newInstance()
      await create(spec)
      await untilStopped(spec)
      await expectRemovable(spec)
    })

    test('an instance outlives the process that made it', async () => {
      const spec = newInstance()
      expect(await world.elsewhere('ensure', spec)).toBe('done')
      const address = await untilReady(spec)
      expect(await logIn(address, spec.password, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
      await expectRemovable(spec)
    })

    test('ensuring one instance twice at once makes one', async () => {
      const spec = newInstance()
      await Promise.all([provider.ensure(spec), provider.ensure(spec), world.elsewhere('ensure', spec)])
      const address = await untilReady(spec)
      expect(await logIn(address, spec.password, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
      await expectRemovable(spec)
    })

    test('instances made at once by two processes do not share an address', async () => {
      const specs = Array.from({ length: 4 }, () => newInstance())
      await Promise.all(
        specs.map((spec, i) => (i % 2 ? provider.ensure(spec) : world.elsewhere('ensure', spec))),
      )
      const addresses = await Promise.all(specs.map(untilReady))
      expect(new Set(addresses.map(({ host, port }) => `${host}:${port}`)).size).toBe(specs.length)
      for (const spec of specs) await expectRemovable(spec)
    })

    test('removing twice, and twice at once, is the same as once', async () => {
      const spec = newInstance()
      await create(spec)
      expect(await Promise.all([provider.remove(spec), provider.remove(spec)])).toEqual([[], []])
      await expectRemovable(spec)
    })

    test('a name is free again once its instance is removed, and the new one is empty', async () => {
      const first = newInstance()
      const address = await create(first)
      await logIn(address, first.password, (sql) => sql`create table old_data (id int)`)
      await provider.remove(first)
      const second = newInstance({ name: first.name })
      const fresh = await create(second)
      const old = await logIn(
        fresh,
        second.password,
        (sql) => sql`select from pg_class where relname = 'old_data'`,
      )
      expect(old).toHaveLength(0)
      await provider.remove(second)
    })

    test('list finds what others made, by name and state', async () => {
      const spec = newInstance()
      await world.elsewhere('ensure', spec)
      await untilReady(spec)
      const found = (await provider.list()).find(({ id }) => id === spec.id)
      expect(found).toMatchObject({ name: spec.name, observation: { phase: 'ready' } })
      await provider.remove(spec)
    })

    test('watch tells of a start, of the death of the server and of the removal', async () => {
      const spec = newInstance()
      let heard = 0
      await using _watching = await provider.watch((id) => {
        if (id === spec.id) heard++
      })
      for (const happening of [
        () => create(spec),
        () => world.killServer(spec),
        () => provider.remove(spec),
      ]) {
        heard = 0
        await happening()
        await expect.poll(() => heard).toBeGreaterThan(0)
      }
    })

    async function logOf(spec: InstanceSpec, tailLines: number): Promise<string[]> {
      const texts = []
      for await (const { text } of provider.logs(spec, { tailLines })) texts.push(text)
      return texts
    }

    test('logs are the last lines, oldest first, and hold no password', async () => {
      const spec = newInstance()
      const address = await create(spec)
      const marks = ['first', 'second', 'third'].map((word) => `${word}_${randomBytes(4).toString('hex')}`)
      for (const mark of marks)
        await logIn(address, spec.password, (sql) => sql`select ${sql(mark)}`.catch(() => {}))
      const lines = await logOf(spec, 100)
      const positions = marks.map((mark) => lines.findIndex((line) => line.includes(mark)))
      expect(positions).not.toContain(-1)
      expect(positions).toEqual(positions.toSorted((a, b) => a - b))
      expect(lines.join('\n')).not.toContain(spec.password)
      expect(await logOf(spec, 1)).toHaveLength(1)
      await provider.remove(spec)
    })

    test('a log that is followed tells each new line once, also to who comes back', async () => {
      const spec = newInstance()
      const address = await create(spec)
      const say = (mark: string) =>
        logIn(address, spec.password, (sql) => sql`select ${sql(mark)}`.catch(() => {}))
      /** Reads on until a line has this in it. */
      const until = async (mark: string, after?: string) => {
        const enough = new AbortController()
        const texts = []
        const options = { tailLines: 1, follow: true, after, signal: enough.signal }
        for await (const { position, text } of provider.logs(spec, options)) {
          texts.push(text)
          if (text.includes(mark)) return { position, texts }
        }
        throw new Error(`the log has ended before ${mark}`)
      }
      const first = until('first_mark')
      await say('first_mark')
      const { position } = await first
      await say('second_mark')
      await say('third_mark')
      const { texts } = await until('third_mark', position)
      expect(
        texts.filter((text) => text.includes('ERROR')).map((text) => /\w+_mark/.exec(text)?.[0]),
      ).toEqual(['second_mark', 'third_mark'])
      await provider.remove(spec)
    })

    test('an abandoned call stops and can be taken up again', async () => {
      const spec = newInstance()
      await expect(provider.ensure(spec, { signal: AbortSignal.abort() })).rejects.toThrow()
      await create(spec)
      await expectRemovable(spec)
    })

    const during = (verb: string) => crashPoints.filter((point) => point.startsWith(`${verb}.`))

    test.for(during('ensure'))(
      'a crash at %s leaves nothing behind once the instance is removed',
      async (point) => {
        const spec = newInstance()
        expect(await world.elsewhere('ensure', spec, point)).toBe('killed')
        const listed = (await provider.list()).some(({ id }) => id === spec.id)
        expect(listed).toBe((await provider.observe(spec)).phase !== 'absent')
        await expectRemovable(spec)
      },
    )

    test.for(during('ensure'))('a crash at %s is finished by the next ensure', async (point) => {
      const spec = newInstance()
      expect(await world.elsewhere('ensure', spec, point)).toBe('killed')
      const address = await create(spec)
      expect(await logIn(address, spec.password, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
      await expectRemovable(spec)
    })

    test.for(during('stop'))('a crash at %s is finished by the next stop, or by a start', async (point) => {
      const spec = newInstance()
      const address = await create(spec)
      expect(await world.elsewhere('stop', spec, point)).toBe('killed')
      await untilStopped(spec)
      expect(await create(spec)).toEqual(address)
      expect(await world.elsewhere('stop', spec, point)).toBe('killed')
      expect(await create(spec)).toEqual(address)
      await expectRemovable(spec)
    })

    test.for(during('remove'))('a crash at %s is finished by the next remove', async (point) => {
      const spec = newInstance()
      await create(spec)
      expect(await world.elsewhere('remove', spec, point)).toBe('killed')
      await expectRemovable(spec)
    })
  })
}
