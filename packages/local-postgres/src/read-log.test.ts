import { appendFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLog, type ReadLogOptions } from './read-log.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-log-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const monday = 'postgresql-2026-01-05_000000.log'
const tuesday = 'postgresql-2026-01-06_000000.log'
const put = (file: string, text: string) => writeFile(join(directory, file), text)
const append = (file: string, text: string) => appendFile(join(directory, file), text)

async function read(options: ReadLogOptions): Promise<{ position: string; text: string }[]> {
  const lines = []
  for await (const line of readLog(directory, options)) lines.push(line)
  return lines
}
const texts = async (options: ReadLogOptions) => (await read(options)).map(({ text }) => text)

test('the last lines may lie in two files, and what is still being written is none yet', async () => {
  await put(monday, 'one\ntwo\n')
  await put(tuesday, 'three\nfour\nfi')
  expect(await texts({ tailLines: 3 })).toEqual(['two', 'three', 'four'])
  expect(await texts({ tailLines: 1 })).toEqual(['four'])
  expect(await texts({ tailLines: 0 })).toEqual([])
  expect(await texts({ tailLines: 99 })).toEqual(['one', 'two', 'three', 'four'])
})

test('who has a position gets what comes after it, in bytes of any language', async () => {
  await put(monday, 'größer\n漢字\n')
  await put(tuesday, 'three\n')
  const [first, second] = await read({ tailLines: 99 })
  expect(await texts({ tailLines: 0, after: first?.position })).toEqual(['漢字', 'three'])
  expect(await texts({ tailLines: 0, after: second?.position })).toEqual(['three'])
})

test('a file that was pruned meanwhile is passed over', async () => {
  await put(monday, 'one\ntwo\n')
  const [first] = await read({ tailLines: 99 })
  await rm(join(directory, monday))
  await put(tuesday, 'three\n')
  expect(await texts({ tailLines: 0, after: first?.position })).toEqual(['three'])
})

test('a line longer than what is read at once comes in parts, whole', async () => {
  const long = 'x'.repeat(100_000)
  await put(monday, `${long}\nshort\n`)
  const lines = await texts({ tailLines: 2 })
  expect(lines.join('')).toBe(`${long}short`)
  expect(lines.at(-1)).toBe('short')
})

test('a follower hears of each new line once, of a new file too, and of the end when the log is removed', async () => {
  await put(monday, 'one\n')
  const lines = readLog(directory, { tailLines: 1, follow: true })
  const next = async () => (await lines.next()).value?.text
  expect(await next()).toBe('one')
  const two = next()
  await append(monday, 'two\nthr')
  expect(await two).toBe('two')
  const three = next()
  await append(monday, 'ee\n')
  expect(await three).toBe('three')
  const four = next()
  await put(tuesday, 'four\n')
  expect(await four).toBe('four')
  const end = lines.next()
  await rm(directory, { recursive: true })
  expect((await end).done).toBe(true)
})

test('a follower of a server that has not said anything yet hears its first line', async () => {
  const lines = readLog(directory, { tailLines: 10, follow: true })
  const first = lines.next()
  await put(monday, 'one\n')
  expect((await first).value?.text).toBe('one')
  await lines.return()
})

test('a position leads to no other file', async () => {
  await put(monday, 'one\n')
  await put('secret.txt', 'secret\n')
  for (const after of ['secret.txt:0', '../secret.txt:0', `${monday}/../secret.txt:0`, `${monday}:-1`, ''])
    expect(await texts({ tailLines: 1, after })).toEqual(['one'])
  // What the server's user may plant: it can write there.
  await symlink(join(directory, 'secret.txt'), join(directory, tuesday))
  expect(await texts({ tailLines: 9 })).not.toContain('secret')
})
