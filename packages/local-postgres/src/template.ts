import { rename } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { run } from './command.ts'
import {
  isThere,
  makePassableDirectory,
  makePrivateDirectory,
  makeServerDirectory,
  removeTree,
} from './directories.ts'
import { syncDirectory } from './durability.ts'
import { explainSystemError } from './errors.ts'
import { type Installation, program } from './installation.ts'
import { withLock } from './lock.ts'
import { serverAccount } from './run-as.ts'

/**
 * The data directory that all others of this exact version are copied from, made on first use.
 * Nobody knows the password of its superuser `postgres`.
 */
export async function templateOf(installation: Installation): Promise<string> {
  const { home, version } = installation
  const template = join(home, 'templates', version)
  try {
    if (await isThere(template)) return template
    await withLock(join(home, 'locks', `template-${version}`), async () => {
      if (!(await isThere(template))) await makeTemplate(installation, template)
    })
    return template
  } catch (error) {
    throw explainSystemError(error, home)
  }
}

async function makeTemplate(installation: Installation, template: string): Promise<void> {
  const { home, version } = installation
  // Whoever a copy is for: it is given to them.
  const account = await serverAccount()
  const templates = join(home, 'templates')
  const workshop = join(home, 'workshop')
  const half = join(workshop, version)
  // Made where initdb can reach it, kept where no server can tamper with it.
  await makePassableDirectory(workshop, account)
  await makePrivateDirectory(templates)
  await removeTree(half)
  try {
    await makeServerDirectory(half, account)
    // Our end of stdin is a socket, which cannot be opened by name; that of `cat` is a pipe, which can.
    const command = [program(installation, 'initdb'), ...initdbArguments(installation, half)]
    await run('sh', ['-c', 'cat | "$@"', 'sh', ...command], {
      account,
      input: `${randomBytes(32).toString('base64url')}\n`,
      writesBelow: home,
    })
    await rename(half, template)
    await syncDirectory(templates)
  } catch (error) {
    await removeTree(half)
    throw error
  }
}

function initdbArguments({ major }: Installation, directory: string): string[] {
  return [
    `--pgdata=${directory}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--pwfile=/dev/stdin',
    '--encoding=UTF8',
    // The built-in provider sorts the same on every machine; it came with PostgreSQL 17.
    ...(major === '16'
      ? ['--locale-provider=libc']
      : ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']),
    '--locale=C.UTF-8',
    '--lc-messages=C',
    '--data-checksums',
    '--no-instructions',
  ]
}
