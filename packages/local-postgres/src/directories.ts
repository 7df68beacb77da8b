import { chmod, chown, lstat, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { run } from './command.ts'
import { type Account, serverUser } from './run-as.ts'
import { LocalPostgresError, errnoOf } from './errors.ts'

/** A directory that only we can look into. What is missing above it is made as usual, so that servers get through. */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
  }
}

/**
 * A directory of ours that servers pass through but cannot list or write: what is planted there by a
 * server must never be followed by us, who may be root.
 */
export async function makePassableDirectory(path: string, account: Account | null): Promise<void> {
  await makePrivateDirectory(path)
  if (!account) return
  await chown(path, 0, account.gid)
  await chmod(path, 0o710)
}

/** A directory that servers own. */
export async function makeServerDirectory(path: string, account: Account | null): Promise<void> {
  await makePrivateDirectory(path)
  if (account) await chown(path, account.uid, account.gid)
}

/** @throws {LocalPostgresError} PERMISSION_DENIED when a directory above bars the way */
export async function checkReachable(path: string, account: Account | null): Promise<void> {
  if (!account) return
  try {
    await run('test', ['-x', path], { account, writesBelow: path })
  } catch (cause) {
    throw new LocalPostgresError(
      'PERMISSION_DENIED',
      `the user "${serverUser}", which runs PostgreSQL, cannot reach ${path}: choose a home outside of private directories`,
      { cause },
    )
  }
}

/** Removes a tree that a server may still own: `rm` does not follow what is swapped under it, Node's does. */
export async function removeTree(path: string): Promise<void> {
  if (!(await isThere(path))) return
  await run('rm', ['-rf', '--', path], { account: null, writesBelow: path })
}

/** Whether something has this name, be it a link to nowhere. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}

export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}
