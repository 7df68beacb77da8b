import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

async function query<T>(connectionString: string, statement: string): Promise<T[]> {
  const sql = postgres(connectionString, {
    max: 1,
    fetch_types: false,
    connect_timeout: 5,
    onnotice: () => {},
  })
  try {
    return [...(await sql.unsafe<T[] & postgres.MaybeRow[]>(statement))]
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function created(name: string): Promise<string> {
  const toygres = await plane.sdk()
  const { instance, operation } = await toygres.instances.create({ name })
  await operation.wait()
  return (await toygres.instances.connection(instance.id)).connectionString
}

test('an instance and its data survive a stop and a start of the control plane', async () => {
  const url = await created('keeper')
  await query(url, 'create table kept as select 42 as answer')
  expect(await plane.stop()).toBe(0)
  // The instance does not need its control plane.
  expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
  await plane.up()
  const toygres = await plane.sdk()
  expect((await toygres.instances.get('keeper')).state).toBe('running')
  expect((await toygres.instances.connection('keeper')).connectionString).toBe(url)
})

test('a creation that is under way when the control plane is killed ends all the same', async () => {
  const toygres = await plane.sdk()
  const { operation } = await toygres.instances.create({ name: 'interrupted' })
  await plane.kill()
  await plane.up()
  const after = await plane.sdk()
  const done = await (await after.operations.get(operation.id)).wait()
  expect(done.state).toBe('succeeded')
  const { connectionString } = await after.instances.connection('interrupted')
  expect(await query(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('after a reboot the servers of running instances are started again, on their ports, with their data', async () => {
  const url = await created('rebooted')
  await query(url, 'create table kept as select 7 as answer')
  await plane.kill()
  // What a reboot leaves: no process of ours at all.
  expect((await plane.cli('down', '--all')).code).toBe(0)
  await expect(query(url, 'select 1')).rejects.toThrow()
  await plane.up()
  await expect
    .poll(() => query(url, 'select answer from kept').catch(() => null), { timeout: 30_000 })
    .toEqual([{ answer: 7 }])
  const toygres = await plane.sdk()
  const { items } = await toygres.operations.list({ instance: 'rebooted' })
  expect(items.map(({ workflow, requestedBy }) => [workflow, requestedBy])).toContainEqual([
    'start-instance',
    'system',
  ])
})

test('a second "up" says that one runs already', async () => {
  const second = await plane.cli('up')
  expect(second.code).toBe(0)
  expect(second.stdout).toContain(`runs already: ${await plane.url()}`)
})

test('the file with the key is ours alone, and the key works', async () => {
  const { mode } = await import('node:fs/promises').then((fs) => fs.stat(join(plane.home, 'client.json')))
  expect(mode & 0o777).toBe(0o600)
  const { apiKey } = JSON.parse(await readFile(join(plane.home, 'client.json'), 'utf8')) as { apiKey: string }
  expect(apiKey).toMatch(/^toygres_[0-9a-f]{16}_/)
})
