import { readFile, rename, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { run } from './command.ts'
import { checkReachable, isThere, makePassableDirectory, removeTree } from './directories.ts'
import { LocalPostgresError, explainSystemError } from './errors.ts'
import { type Installation, type PostgresMajor, installationDirectory } from './installation.ts'
import { withLock } from './lock.ts'
import { serverAccount } from './run-as.ts'

/**
 * Makes the binaries of a major version runnable from `home`, once. They are copied because the repository may
 * lie below a directory that only root may enter, while servers run as another user.
 * @throws {LocalPostgresError} BINARIES_MISSING, DISK_FULL, PERMISSION_DENIED
 */
export async function installPostgres(home: string, major: PostgresMajor): Promise<Installation> {
  const source = findPackage(major)
  const account = await serverAccount()
  try {
    const version = await versionOf(source)
    const installation: Installation = { home: resolve(home), major, version, account }
    if (!(await isThere(installationDirectory(installation)))) await install(source, installation)
    return installation
  } catch (error) {
    throw explainSystemError(error, home)
  }
}

/** The directory of the npm package that holds the binaries for this machine. */
function findPackage(major: PostgresMajor): string {
  const name = `@toygres-postgres-${major}/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new LocalPostgresError(
      'BINARIES_MISSING',
      `the PostgreSQL ${major} binaries for ${process.platform}-${process.arch} are not installed: ` +
        `the package ${name} is missing, run "npm ci" on a platform that has it`,
      { cause },
    )
  }
}

async function versionOf(source: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'))
  const version = (manifest as { version?: unknown }).version
  if (typeof version === 'string' && /^[\w.-]+$/.test(version)) return version
  throw new LocalPostgresError('BINARIES_MISSING', `${source} has no version: run "npm ci" again`)
}

async function install(source: string, installation: Installation): Promise<void> {
  const { home, account } = installation
  const target = installationDirectory(installation)
  await makePassableDirectory(home, account)
  await makePassableDirectory(dirname(target), account)
  await withLock(join(home, 'locks', `postgres-${basename(target)}`), async () => {
    if (await isThere(target)) return
    await checkReachable(home, account)
    const half = `${target}.partial`
    await removeTree(half)
    try {
      await run('cp', ['-R', join(source, 'native'), half], { account: null, writesBelow: home })
      await makeSymlinks(half)
      // Whatever umask the repository was installed under, servers must be able to read these.
      await run('chmod', ['-R', 'a+rX,go-w', half], { account: null, writesBelow: home })
      await rename(half, target)
    } catch (error) {
      await removeTree(half)
      throw error
    }
  })
}

/** npm packages cannot hold symbolic links; theirs are listed in a file that their install script reads, ours do not run. */
async function makeSymlinks(directory: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(directory, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links as { source: string; target: string }[]) {
    const from = join(directory, target.replace(/^native\//, ''))
    await symlink(basename(source), from)
  }
}
