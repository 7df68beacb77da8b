import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
  await plane.cli('create', 'orders')
})
afterAll(() => plane[Symbol.asyncDispose]())

test.for([
  [['create', 'Bad_Name'], 2, 'a name is 1 to 40 characters'],
  [['create', 'x'.repeat(41)], 2, 'a name is 1 to 40 characters'],
  [['create', 'old', '--version', '12'], 2, 'Allowed choices are 16, 17, 18'],
  [['create', 'slow', '--timeout', 'soon'], 2, "'--timeout <duration>'"],
  [['create'], 2, "missing required argument 'name'"],
  [['list', '--nonsense'], 2, "unknown option '--nonsense'"],
  [['nonsense'], 2, "unknown command 'nonsense'"],
  [['list', '-o', 'xml'], 2, 'Allowed choices are table, json, yaml'],
  [['get', 'nobody'], 3, 'there is no instance nobody'],
  [['url', 'nobody'], 3, 'there is no instance nobody'],
  [['delete', 'nobody', '--yes'], 3, 'there is no instance nobody'],
  [['ops', 'get', '01a20be1-26ef-7384-913c-a2b94ca8fc36'], 3, 'there is no operation'],
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
  // Cancelled before its server can be ready: the worker is busy with twenty others.
  const names = Array.from({ length: 20 }, (_, index) => `crowd-${index}`)
  await Promise.all(names.map((name) => plane.cli('create', name, '--no-wait')))
  const { stdout } = await plane.cli('create', 'unlucky', '--no-wait', '-o', 'json')
  const { activeOperationId: id } = JSON.parse(stdout) as { activeOperationId: string }
  const watching = plane.cli('ops', 'watch', id)
  const cancelled = await plane.cli('ops', 'cancel', id)
  expect(cancelled.code, cancelled.stderr).toBe(0)
  expect((await watching).code).toBe(5)
  expect((await plane.cli('ops', 'watch', id)).code).toBe(5)
}, 120_000)

test('a failure under -o json ends with an object that has its code and exit code', async () => {
  const { stderr } = await plane.cli('get', 'nobody', '-o', 'json')
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: object }
  expect(error).toMatchObject({ code: 'INSTANCE_NOT_FOUND', exitCode: 3, requestId: expect.any(String) })
})
