import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LocalPostgresError } from './errors.ts'

const execute = promisify(execFile)

/** The user that servers run as when we are root, because `postgres` refuses to be. */
export const serverUser = 'toygres'

export interface Account {
  readonly uid: number
  readonly gid: number
}

let account: Promise<Account | null> | undefined

/**
 * Who runs servers: the system user `toygres` (made if absent) when we are root, else ourselves (null).
 * @throws {LocalPostgresError} PERMISSION_DENIED when the user can neither be found nor made
 */
export function serverAccount(): Promise<Account | null> {
  account ??= findOrMakeAccount().catch((error: unknown) => {
    account = undefined
    throw error
  })
  return account
}

/** `uid` and `gid` as `spawn` takes them. */
export function identityOf(account: Account | null): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {}
}

async function findOrMakeAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  return (await find()) ?? (await make())
}

async function find(): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([
      execute('id', ['-u', serverUser]),
      execute('id', ['-g', serverUser]),
    ])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return null
  }
}

async function make(): Promise<Account> {
  const refusal = await execute('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir=/nonexistent',
    '--shell=/usr/sbin/nologin',
    serverUser,
  ]).then(
    () => undefined,
    (error: unknown) => error,
  )
  // Asked whatever useradd said: another process may have made the user at the same moment.
  const made = await find()
  if (made) return made
  throw new LocalPostgresError(
    'PERMISSION_DENIED',
    `PostgreSQL does not run as root and the user "${serverUser}" could not be made: create it, or run as another user`,
    { cause: refusal },
  )
}
