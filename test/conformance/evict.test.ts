import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../vitest.config.ts'
import { straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const evict = process.env['TOYGRES_TEST_EVICT'] === '1'

test('the engine remembers an operation from step to step; in its forgetful mode it claims each step anew', async () => {
  const id = await world.start(straight, { polls: 0 })
  const { operation } = await world.ended(id)
  const [row] = await world.sql<
    { claims: number }[]
  >`select fence::integer as claims from operations where id = ${id}`
  expect(row?.claims).toBe(evict ? operation.steps.length : 1)
})

test('the suite runs in both modes', () => {
  const projects = (config.test?.projects ?? []).flatMap((project) =>
    typeof project === 'object' && 'test' in project ? [project.test] : [],
  )
  const file = 'test/conformance/**/*.test.ts'
  expect(projects).toContainEqual({ name: 'evict', include: [file], env: { TOYGRES_TEST_EVICT: '1' } })
  expect(projects.find((project) => project?.name === 'all')?.env).toBeUndefined()
})
