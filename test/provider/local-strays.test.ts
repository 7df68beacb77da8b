import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { stopAllInstances } from '@toygres/providers/local'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { birthOf } from './life.ts'
import { enterLocalWorld, type LocalWorld } from './local-world.ts'
import { logIn } from './log-in.ts'
import { newInstance } from './new-instance.ts'

let world: LocalWorld
beforeAll(async () => {
  world = await enterLocalWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** One that runs, and whose data somebody has moved away. */
async function moved() {
  const spec = newInstance()
  await world.provider.ensure(spec)
  const address = await vi.waitFor(
    async () => {
      const seen = await world.provider.observe(spec)
      if (seen.phase !== 'ready') throw new Error(seen.phase)
      return seen.address
    },
    { timeout: 30_000, interval: 20 },
  )
  await birthOf(address, spec)
  const data = join(world.home, 'instances', spec.id, 'data')
  const aside = join(world.home, `aside-${spec.name}`)
  await rename(data, aside)
  return { spec, data, aside, asked: () => logIn(address, spec.password, (sql) => sql`select 1`) }
}

test('an instance whose data was moved away is not stopped before its server has ended', async () => {
  const { spec, asked } = await moved()
  await asked()
  expect(await world.provider.stop(spec)).toBe(true)
  await expect(asked()).rejects.toThrow(/ECONNREFUSED/)
})

test('nor is it removed', async () => {
  const { spec, asked } = await moved()
  expect(await world.provider.remove(spec)).toEqual([])
  await expect(asked()).rejects.toThrow(/ECONNREFUSED/)
})

test('nor is it left when everything is stopped; its data can be put back, and started', async () => {
  const { spec, data, aside, asked } = await moved()
  expect(await stopAllInstances(world.home)).toContain(spec.id)
  await expect(asked()).rejects.toThrow(/ECONNREFUSED/)
  await rename(aside, data)
  await world.provider.ensure(spec)
  await vi.waitFor(asked, { timeout: 30_000, interval: 50 })
})
