import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { replaceFile } from './durability.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-durability-'))
})
afterEach(() => rm(directory, { recursive: true }))

test('a file is replaced, is ours alone, and nothing else is left', async () => {
  const path = join(directory, 'secrets.json')
  await replaceFile(path, 'old')
  // What a crash in the middle of an earlier call leaves.
  await writeFile(`${path}.partial`, 'half of something longer')
  await replaceFile(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['secrets.json'])
})

test('a write that fails leaves no draft', async () => {
  const path = join(directory, 'secrets.json')
  await mkdir(path)
  await expect(replaceFile(path, 'secret')).rejects.toThrow(/EISDIR/)
  expect(await readdir(directory)).toEqual(['secrets.json'])
})
