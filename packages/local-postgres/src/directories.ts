import { chmod, chown, lstat, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { run } from './command.ts'
import { type Account, serverUser } from './run-as.ts'
import { LocalPostgresError, errnoOf } from './errors.ts'

/** A directory that only we can look into. What is missing above it is made as usual, so that servers get through. */
export async function makePrivateDirectory(path: string): Promise<void> {
  await makeDirectory(path)
}

/**
 * A directory of ours that servers pass through but cannot list or write: what is planted there by a
 * server must never be followed by us, who may be root.
 * @throws {LocalPostgresError} PERMISSION_DENIED when it is there and somebody else's, who is not to lose it to us
 */
export async function makePassableDirectory(path: string, account: Account | null): Promise<void> {
  const isNew = await makeDirectory(path)
  if (!isNew) await checkOurs(path, account)
  if (!account) return
  await chown(path, 0, account.gid)
  await chmod(path, 0o710)
}

/** @returns whether it was not there */
async function makeDirectory(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
    return false
  }
}

async function checkOurs(path: string, account: Account | null): Promise<void> {
  const { uid, gid } = await stat(path)
  // Root owns much; its group is what tells that root made this one for us. An empty one was made for us by a person.
  const ours = uid === process.getuid?.() && (!account || gid === account.gid || (await isEmpty(path)))
  if (ours) return
  throw new LocalPostgresError(
    'PERMISSION_DENIED',
    `the directory ${path} is in use by something else: choose one that is new or empty`,
  )
}

async function isEmpty(path: string): Promise<boolean> {
  return (await readdir(path)).length === 0
}

/** A directory that servers own. */
export async function makeServerDirectory(path: string, account: Account | null): Promise<void> {
  await makePrivateDirectory(path)
  if (account) await chown(path, account.uid, account.gid)
}

/** Gives a tree that no server runs in to the user of one, unless it is theirs. The directory itself comes last, so a crash is made good. */
export async function giveTree(path: string, account: Account | null): Promise<void> {
  if (!account || (await lstat(path)).uid === account.uid) return
  // What a server planted there is never followed.
  const options = ['-R', '-P', '-h', `${account.uid}:${account.gid}`]
  await run('chown', [...options, '--', path], { account: null, writesBelow: path })
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
