import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyBinaries } from './copy-binaries.ts'

const libraries = (...path: string[]) => join(directory, ...path)
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-copy-binaries-'))
  await mkdir(libraries('package/native/lib'), { recursive: true })
  await writeFile(libraries('package/native/lib/libpq.so.5.18'), 'a library')
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  await writeFile(libraries('package/native/pg-symlinks.json'), JSON.stringify(links))
})
afterEach(() => rm(directory, { recursive: true }))

const copy = () => copyBinaries(libraries('package'), libraries('copy'))

test('links that the package only lists are made', async () => {
  await copy()
  expect(await readlink(libraries('copy/lib/libpq.so.5'))).toBe('libpq.so.5.18')
  expect(await readFile(libraries('copy/lib/libpq.so.5'), 'utf8')).toBe('a library')
})

test('links that the package made itself, as after a plain "npm ci", are kept', async () => {
  await symlink('libpq.so.5.18', libraries('package/native/lib/libpq.so.5'))
  await copy()
  expect(await readlink(libraries('copy/lib/libpq.so.5'))).toBe('libpq.so.5.18')
})

test('something else in the place of a link is refused', async () => {
  await writeFile(libraries('package/native/lib/libpq.so.5'), 'not a link')
  await expect(copy()).rejects.toMatchObject({ code: 'BINARIES_MISSING' })
})
