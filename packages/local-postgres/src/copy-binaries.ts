import { readFile, readlink, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { run } from './command.ts'
import { syncTree } from './durability.ts'
import { LocalPostgresError, errnoOf } from './errors.ts'

/** npm packages cannot hold symbolic links: theirs are listed in this file. */
const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Copies the `native` folder of an npm package with binaries to `target`, which must not exist, with its symbolic
 * links; it is on disk once this returns. The package's install script makes the links in place, where
 * scripts may run: here they do not, in the checkout of somebody who ran a plain `npm ci` they did.
 */
export async function copyBinaries(source: string, target: string): Promise<void> {
  const below = dirname(target)
  await run('cp', ['-R', join(source, 'native'), target], { account: null, writesBelow: below })
  for (const link of Links.parse(JSON.parse(await readFile(join(target, 'pg-symlinks.json'), 'utf8'))))
    await makeLink(join(target, link.target.replace(/^native\//, '')), basename(link.source))
  // Whatever umask the repository was installed under, servers must be able to read these.
  await run('chmod', ['-R', 'a+rX,go-w', target], { account: null, writesBelow: below })
  await syncTree(target)
}

async function makeLink(path: string, text: string): Promise<void> {
  try {
    await symlink(text, path)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    if ((await readlink(path).catch(() => null)) === text) return
    throw new LocalPostgresError(
      'BINARIES_MISSING',
      `${basename(path)} of the PostgreSQL binaries is not a link to ${text}: run "npm ci" again`,
      { cause: error },
    )
  }
}
