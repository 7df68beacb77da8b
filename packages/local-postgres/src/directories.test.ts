import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makePassableDirectory } from './directories.ts'

let parent: string
let path: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'toygres-directories-'))
  path = join(parent, 'home')
})
afterEach(() => rm(parent, { recursive: true }))

const refusal = { code: 'PERMISSION_DENIED', message: expect.stringContaining('in use by something else') }

describe.skipIf(process.getuid?.() !== 0)('for root, who runs servers as somebody else (needs root)', () => {
  const account = { uid: 54_321, gid: 54_321 }
  const rights = async () => {
    const { uid, gid, mode } = await stat(path)
    return { uid, gid, mode: mode & 0o7777 }
  }
  const passable = { uid: 0, gid: account.gid, mode: 0o710 }

  test('a new directory becomes passable, and is found again whatever is in it', async () => {
    await makePassableDirectory(path, account)
    expect(await rights()).toEqual(passable)
    await writeFile(join(path, 'file'), '')
    await makePassableDirectory(path, account)
    expect(await rights()).toEqual(passable)
  })

  test('an empty directory that a person made is taken', async () => {
    await mkdir(path, { mode: 0o755 })
    await makePassableDirectory(path, account)
    expect(await rights()).toEqual(passable)
  })

  test('a directory with things of somebody else in it, such as /tmp, stays as it is', async () => {
    await mkdir(path)
    await writeFile(join(path, 'file'), '')
    await chmod(path, 0o1777)
    await expect(makePassableDirectory(path, account)).rejects.toMatchObject(refusal)
    expect(await rights()).toEqual({ uid: 0, gid: 0, mode: 0o1777 })
  })

  test('a directory of another user is not ours, even when it is empty', async () => {
    await mkdir(path)
    await chown(path, 65_534, account.gid)
    for (const who of [account, null]) {
      await expect(makePassableDirectory(path, who)).rejects.toMatchObject(refusal)
      expect(await rights()).toMatchObject({ uid: 65_534 })
    }
  })
})

test('without another user for servers, a directory of our own is used as it is', async () => {
  await mkdir(path, { mode: 0o755 })
  await writeFile(join(path, 'file'), '')
  await makePassableDirectory(path, null)
  expect((await stat(path)).mode & 0o777).toBe(0o755)
})
