import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LocalPostgresError } from './errors.ts'

const execute = promisify(execFile)

/** The user that servers run as when we are root, because `postgres` refuses to be. Its group opens the way through a home. */
export const serverUser = 'toygres'

/** Users with servers of their own, which the servers of others can neither read nor stop. */
export type ServerUser = typeof serverUser | 'toygres-metadata'

export interface Account {
  readonly uid: number
  readonly gid: number
}

const accounts = new Map<ServerUser, Promise<Account | null>>()

/**
 * Who runs servers: a system user (made if absent) when we are root, in the group of `toygres` whoever it is; else
 * ourselves (null).
 * @throws {LocalPostgresError} PERMISSION_DENIED when the user can neither be found nor made
 */
export function serverAccount(user: ServerUser = serverUser): Promise<Account | null> {
  const known = accounts.get(user)
  if (known) return known
  const account = findOrMakeAccount(user).catch((error: unknown) => {
    accounts.delete(user)
    throw error
  })
  accounts.set(user, account)
  return account
}

/** `uid` and `gid` as `spawn` takes them. */
export function identityOf(account: Account | null): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {}
}

async function findOrMakeAccount(user: ServerUser): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  if (user === serverUser) return (await find(user)) ?? (await make(user, ['--user-group']))
  const ofInstances = await serverAccount()
  if (!ofInstances) return null
  const { uid } = (await find(user)) ?? (await make(user, ['--no-user-group', `--gid=${ofInstances.gid}`]))
  return { uid, gid: ofInstances.gid }
}

async function find(user: ServerUser): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([execute('id', ['-u', user]), execute('id', ['-g', user])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return null
  }
}

async function make(user: ServerUser, group: readonly string[]): Promise<Account> {
  const refusal = await execute('useradd', [
    '--system',
    ...group,
    '--no-create-home',
    '--home-dir=/nonexistent',
    '--shell=/usr/sbin/nologin',
    user,
  ]).then(
    () => undefined,
    (error: unknown) => error,
  )
  // Asked whatever useradd said: another process may have made the user at the same moment.
  const made = await find(user)
  if (made) return made
  throw new LocalPostgresError(
    'PERMISSION_DENIED',
    `PostgreSQL does not run as root and the user "${user}" could not be made: create it, or run as another user`,
    { cause: refusal },
  )
}
