import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toygres } from '../harness/control-plane/index.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'

vi.setConfig({ testTimeout: 180_000 })

let homes: string[]
let database: TestDatabase
beforeEach(async () => {
  database = await createEmptyDatabase()
  homes = await Promise.all(['one', 'other'].map((name) => mkdtemp(join(tmpdir(), `toygres-${name}-`))))
})
afterEach(async () => {
  await Promise.all(homes.map((home) => toygres(['down', '--all'], { TOYGRES_HOME: home })))
  await Promise.all(homes.map((home) => rm(home, { recursive: true })))
  await database.drop()
})

const up = (home: string) =>
  toygres(['up', '--detach', '--port', '0'], { TOYGRES_HOME: home, TOYGRES_DATABASE_URL: database.url })

test('of two homes that start on one empty database, one gets it and the other is refused', async () => {
  const both = await Promise.all(homes.map(up))
  expect(both.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 1])
  const winner = homes[both.findIndex(({ code }) => code === 0)] ?? ''
  const refusal = both.find(({ code }) => code === 1)
  expect(refusal?.stderr).toMatch(
    /^toygres: the metadata database .* has the instances of another home, .*\n$/,
  )
  expect(refusal?.stderr).toContain(winner)
  expect(refusal?.stderr).not.toContain(new URL(database.url).password)

  // The one that has it keeps it.
  await toygres(['down'], { TOYGRES_HOME: winner })
  expect((await up(winner)).code).toBe(0)
})
