import { access, chmod, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { copyTree, type Tree } from './tree.ts'

// They install and build.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let tree: Tree
let version: string
beforeAll(async () => {
  tree = await copyTree()
  // A person may have built it before: from here on it is the launcher's own.
  version = (await tree.run(['version'])).stdout
})
afterAll(() => tree[Symbol.asyncDispose]())

const state = (name: string) => join(tree.path, '.launcher', name)
const quiet = () => ({ code: 0, stdout: version, stderr: '' })
const source = () => join(tree.path, 'apps/cli/src/commands/version.ts')

/** Leaves the tree as it was, and built. */
async function withEdit(edit: (text: string) => string, check: () => Promise<void>): Promise<void> {
  const before = await readFile(source(), 'utf8')
  await writeFile(source(), edit(before))
  try {
    await check()
  } finally {
    await writeFile(source(), before)
    await tree.run(['version'])
  }
}

test('when nothing has changed it neither installs nor builds', async () => {
  const { mtimeMs } = await stat(state('built'))
  expect(await tree.run(['version'])).toEqual(quiet())
  expect((await stat(state('built'))).mtimeMs).toBe(mtimeMs)
})

test('it works from any directory, and through a symlink to a symlink', async () => {
  await symlink('toygres', join(tree.path, 'first'))
  await symlink(join(tree.path, 'first'), join(tree.path, 'second'))
  expect(await tree.run(['version'], { launcher: join(tree.path, 'second'), cwd: '/' })).toEqual(quiet())
  expect(await tree.run(['version'], { launcher: './second', cwd: tree.path })).toEqual(quiet())
})

test('an edited source is built, once, by the first of two who call at the same time', async () => {
  const edit = (text: string) => text.replace('print the version', 'tell the version')
  await withEdit(edit, async () => {
    const both = await Promise.all([tree.run(['help', 'version']), tree.run(['help', 'version'])])
    for (const { code, stdout } of both)
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('tell the version'),
      })
    const said = both.map(({ stderr }) => stderr).join('')
    expect(said.match(/^toygres: building$/gm)).toHaveLength(1)
  })
})

test('a source that was deleted is noticed', async () => {
  const extra = join(tree.path, 'apps/cli/src/extra.ts')
  await writeFile(extra, 'export const extra = 1\n')
  expect((await tree.run(['version'])).stderr).toBe('toygres: building\n')
  await rm(extra)
  expect((await tree.run(['version'])).stderr).toBe('toygres: building\n')
  expect(await tree.run(['version'])).toEqual(quiet())
})

test('a build that fails says what the compiler said, and is tried again', async () => {
  await withEdit(
    (text) => `${text}\nthis is not TypeScript\n`,
    async () => {
      for (let times = 0; times < 2; times++) {
        const { code, stdout, stderr } = await tree.run(['version'])
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
        expect(stderr).toContain('version.ts')
        expect(stderr).toMatch(/toygres: the build failed: see above\n$/)
      }
    },
  )
  expect(await tree.run(['version'])).toEqual(quiet())
})

test('the lock of a caller that was killed is taken over by one of those who find it', async () => {
  await withEdit(
    (text) => `${text}\n`,
    async () => {
      // No process has the largest pid there is; and one that was killed while it took the lock over left this.
      await symlink('4194305', state('install.lock'))
      await symlink('4194306', state('install.lock.4194305'))
      const all = await Promise.all([1, 2, 3].map(() => tree.run(['version'])))
      for (const { code, stdout } of all) expect({ code, stdout }).toEqual({ code: 0, stdout: version })
      const said = all.map(({ stderr }) => stderr).join('')
      expect(said.match(/^toygres: building$/gm)).toHaveLength(1)
    },
  )
  expect(
    (await readdir(join(tree.path, '.launcher'))).filter((name) => name.startsWith('install.lock')),
  ).toEqual([])
})

test.for(['apps/cli/dist', 'apps/server/dist'])('a build that lacks %s is made good', async (part) => {
  await rm(join(tree.path, part), { recursive: true })
  const { code, stdout } = await tree.run(['version'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: version })
  await access(join(tree.path, part, 'main.js'))
})

test('a patch that has changed for the same version is applied to packages installed anew', async () => {
  const patches = await readdir(join(tree.path, 'patches'))
  const name = patches.find((file) => file.startsWith('postgres+')) ?? ''
  const path = join(tree.path, 'patches', name)
  const before = await readFile(path, 'utf8')
  const edited = before.replace(/^\+( *error\(Errors)/m, '+      /* edited */\n+$1')
  await writeFile(path, edited.replace(/@@ -252,6 \+252,11 @@/, '@@ -252,6 +252,12 @@'))
  expect(await tree.run(['version'])).toMatchObject({ code: 0, stdout: version })
  const patched = join(tree.path, 'node_modules/postgres/cjs/src/connection.js')
  expect(await readFile(patched, 'utf8')).toContain('/* edited */')
})

test('with an old Node and no npm it says what to install', async () => {
  const path = join(tree.path, 'old-node')
  await mkdir(path)
  await writeFile(join(path, 'node'), '#!/bin/sh\necho v20.1.0\n')
  await chmod(join(path, 'node'), 0o755)
  for (const tool of ['uname', 'cmp', 'find', 'head', 'mkdir', 'cat'])
    await symlink(`/usr/bin/${tool}`, join(path, tool))
  const { code, stdout, stderr } = await tree.run(['version'], {
    env: { PATH: path, XDG_CACHE_HOME: join(tree.path, 'no-cache') },
  })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^toygres: needs Node 24 or newer on PATH.*\n$/)
})
