import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { ask } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { start } from './running.ts'

let plane: TestControlPlane
let url: string
beforeAll(async () => {
  plane = await startControlPlane()
  url = (await plane.cli('create', 'orders')).stdout.trim()
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

/** Leaves a line in the log. */
const mark = (word: string) => ask(url, `select "${word}"`).catch(() => {})

test('logs are what PostgreSQL wrote, oldest first; --tail says how much', async () => {
  await mark('first_mark')
  await mark('second_mark')
  const { code, stdout } = await plane.cli('logs', 'orders')
  expect(code).toBe(0)
  expect(stdout).toMatch(/database system is ready[^]*first_mark[^]*second_mark/)
  expect(stdout).not.toContain(new URL(url).password)
  expect((await plane.cli('logs', 'orders', '--tail', '2')).stdout.trimEnd().split('\n')).toHaveLength(2)
  const [line = ''] = (await plane.cli('logs', 'orders', '-n', '1', '-o', 'json')).stdout.split('\n')
  expect(JSON.parse(line)).toMatchObject({ text: expect.stringContaining('second_mark') })
})

test('logs -f goes on with each new line', async () => {
  await using logs = start(['logs', 'orders', '-f', '--tail', '0'], plane.env)
  await using other = start(['logs', 'orders', '-f', '--tail', '1'], plane.env)
  await other.says(/\S/)
  await mark('third_mark')
  await other.says('third_mark')
  // This one begins with what comes once it listens, which nothing tells of.
  await until(async () => {
    await mark('fourth_mark')
    return logs.stdout().includes('fourth_mark')
  })
})

test('what would command the terminal does not reach it', async () => {
  await mark('red_\u001B[31m_mark')
  const { stdout } = await plane.cli('logs', 'orders')
  expect(stdout).toContain('red_?[31m_mark')
})

test.for([
  [['logs', 'nobody'], 3, 'there is no instance nobody'],
  [['logs', 'orders', '--tail', 'all'], 2, 'Expected a number from 0 to 10000'],
] as const)('%j ends with %i', async ([args, code, sentence]) => {
  const ended = await plane.cli(...args)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toContain(sentence)
})
