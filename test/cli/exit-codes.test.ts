import postgres from 'postgres'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'

let plane: TestControlPlane
let database: TestDatabase
beforeAll(async () => {
  database = await createEmptyDatabase()
  plane = await startControlPlane({ args: ['--database-url', database.url] })
  await plane.cli('create', 'orders')
})
afterAll(async () => {
  await plane[Symbol.asyncDispose]()
  await database.drop()
})

test.for([
  [['create', 'Bad_Name'], 2, 'a name is 1 to 40 characters'],
  [['create', 'x'.repeat(41)], 2, 'a name is 1 to 40 characters'],
  [['create', 'old', '--version', '12'], 2, 'Allowed choices are 16, 17, 18'],
  [['create', 'slow', '--timeout', 'soon'], 2, "'--timeout <duration>'"],
  [['create'], 2, "missing required argument 'name'"],
  [['list', '--nonsense'], 2, "unknown option '--nonsense'"],
  [['nonsense'], 2, "unknown command 'nonsense'"],
  [['nonsense', '--help'], 2, "unknown command 'nonsense'"],
  [['ops', 'events', '--help'], 2, "unknown command 'events'"],
  [['help', 'nonsense'], 2, "unknown command 'nonsense'"],
  [['ops', 'help', 'events'], 2, "unknown command 'events'"],
  [['list', '-o', 'xml'], 2, 'Allowed choices are table, json, yaml, name'],
  [['ops', 'get', 'orders'], 2, 'Expected an id, as "toygres ops list" shows it'],
  [['get', 'nobody'], 3, 'there is no instance nobody'],
  [['url', 'nobody'], 3, 'there is no instance nobody'],
  [['delete', 'nobody', '--yes'], 3, 'there is no instance nobody'],
  [['ops', 'retry', '01a20be1-26ef-7384-913c-a2b94ca8fc36'], 3, 'there is no operation'],
  [['ops', 'get', '01a20be1-26ef-7384-913c-a2b94ca8fc36'], 3, 'there is no operation'],
  [['list', '--project', 'acme'], 3, 'which one to act in is said by --project'],
  [['create', 'orders'], 4, 'the name orders is taken by an instance that is running'],
  [['create', 'hasty', '--timeout', '1ms'], 6, 'goes on'],
] as const)('%j ends with %i', async ([args, code, sentence]) => {
  const ended = await plane.cli(...args)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toContain(sentence)
  expect(ended.stderr).toContain('toygres: ')
  expect(ended.stderr).not.toMatch(/^\s+at /m)
})

test('what was refused has left no row', async () => {
  const { stdout } = await plane.cli('list', '--all', '-o', 'json')
  const { items } = JSON.parse(stdout) as { items: { name: string }[] }
  expect(items.map(({ name }) => name).toSorted()).toEqual(['hasty', 'orders'])
})

test('an operation that was cancelled ends with 5, for whoever waits for it', async () => {
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  onTestFinished(() => sql.end())
  // No password can be kept meanwhile, so the create cannot get beyond its first step.
  const { id, watching } = await sql.begin(async (tx) => {
    await tx`lock table instance_credentials in access exclusive mode`
    const { stdout } = await plane.cli('create', 'unlucky', '--no-wait', '-o', 'json')
    const { activeOperationId } = JSON.parse(stdout) as { activeOperationId: string }
    const cancelled = await plane.cli('ops', 'cancel', activeOperationId)
    expect(cancelled.code, cancelled.stderr).toBe(0)
    return { id: activeOperationId, watching: plane.cli('ops', 'watch', activeOperationId) }
  })
  expect((await watching).code).toBe(5)
  expect((await plane.cli('ops', 'watch', id)).code).toBe(5)
  const retried = await plane.cli('ops', 'retry', id)
  expect(retried).toMatchObject({ code: 4, stdout: '' })
  expect(retried.stderr).toContain('only one that failed, or is parked')
}, 120_000)

test('a failure under -o json ends with an object that has its code and exit code', async () => {
  const { stderr } = await plane.cli('get', 'nobody', '-o', 'json')
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: object }
  expect(error).toMatchObject({ code: 'INSTANCE_NOT_FOUND', exitCode: 3, requestId: expect.any(String) })
})
