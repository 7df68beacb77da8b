import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { until } from '../harness/until.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
  await plane.cli('create', 'orders', '--check-every', '5s')
  const toygres = await plane.sdk()
  await until(async () => (await toygres.instances.get('orders')).healthStatus === 'healthy')
})
afterAll(() => plane[Symbol.asyncDispose]())

test('health get shows what the last check saw', async () => {
  const { stdout } = await plane.cli('health', 'get', 'orders')
  expect(stdout).toMatch(/^health +healthy\n/)
  expect(stdout).toMatch(/checked +\d+s ago, every 5 s\n/)
  expect(stdout).toMatch(/connections +\d+ of \d+\n/)
})

test('health history and events print the objects of the API, and tables for people', async () => {
  const history = await plane.cli('health', 'history', 'orders', '--since', '1h', '--resolution', 'raw')
  expect(history.stdout).toMatch(/^AT +CHECKS +FAILURES/)
  expect(history.stdout).toMatch(/100 % up in \d+ checks?, by raw\n$/)
  const json = await plane.cli('health', 'history', 'orders', '-o', 'json')
  expect(JSON.parse(json.stdout)).toMatchObject({ resolution: 'minute', uptimePercent: 100 })
  const { stdout } = await plane.cli('health', 'events', 'orders')
  expect(stdout).toMatch(/ healthy /)
})

test('health set changes how often, within bounds', async () => {
  const set = await plane.cli('health', 'set', 'orders', '--every', '1m', '-o', 'json')
  expect(JSON.parse(set.stdout)).toMatchObject({ checkIntervalSeconds: 60 })
  for (const every of ['4s', '2h', '5.5s', 'often'])
    expect((await plane.cli('health', 'set', 'orders', '--every', every)).code).toBe(2)
  expect((await plane.cli('health', 'set', 'nobody', '--every', '10s')).code).toBe(3)
})

test('drift list says when there is none, and what was', async () => {
  const none = await plane.cli('drift', 'list')
  expect(none.code).toBe(0)
  expect(none.stdout).toBe('')
  expect(none.stderr).toContain('Everything is as it should be')
  const all = await plane.cli('drift', 'list', '--all', '-o', 'json')
  expect(JSON.parse(all.stdout)).toEqual({ items: [], nextCursor: null })
})
