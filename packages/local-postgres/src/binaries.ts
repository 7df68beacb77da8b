import { readFile, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { copyBinaries } from './copy-binaries.ts'
import { checkReachable, isThere, makePassableDirectory, removeTree } from './directories.ts'
import { syncDirectory } from './durability.ts'
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

/** Its version names a directory. */
const Manifest = z.object({ version: z.string().regex(/^[\w.-]+$/) })

async function versionOf(source: string): Promise<string> {
  const manifest = Manifest.safeParse(JSON.parse(await readFile(join(source, 'package.json'), 'utf8')))
  if (manifest.success) return manifest.data.version
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
      await copyBinaries(source, half)
      await rename(half, target)
      await syncDirectory(dirname(target))
    } catch (error) {
      await removeTree(half)
      throw error
    }
  })
}
