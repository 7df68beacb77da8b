import { rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './command.ts'
import { makePrivateDirectory, namesIn, removeTree } from './directories.ts'
import { syncDirectory, syncTree } from './durability.ts'
import { errnoOf, explainSystemError } from './errors.ts'
import type { Installation } from './installation.ts'
import { withLock } from './lock.ts'
import { templateOf } from './template.ts'

/**
 * Puts a fresh data directory at `target`, which must not exist: the spare one if there is one, else a
 * new copy. Either way it outlives a loss of power once this returns.
 */
export async function cloneTemplate(installation: Installation, target: string): Promise<void> {
  try {
    if (await takeSpare(installation, target)) return
    await copyDurably(await templateOf(installation), target)
    await syncDirectory(dirname(target))
  } catch (error) {
    throw explainSystemError(error, dirname(target))
  }
}

/**
 * Keeps one copy of the template in stock, so that a create neither copies nor waits for the disk.
 * A half-made one that a crash left is replaced by the next call.
 */
export async function refillSpare(installation: Installation): Promise<void> {
  const { home, version } = installation
  const spares = join(home, 'spares')
  await withLock(join(home, 'locks', `spare-${version}`), async () => {
    if ((await namesIn(spares)).includes(version)) return
    const half = join(spares, `${version}.partial`)
    await makePrivateDirectory(spares)
    await removeTree(half)
    try {
      await copyDurably(await templateOf(installation), half)
      await rename(half, join(spares, version))
    } catch (error) {
      await removeTree(half)
      throw explainSystemError(error, home)
    }
  })
}

async function takeSpare({ home, version }: Installation, target: string): Promise<boolean> {
  try {
    await rename(join(home, 'spares', version), target)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
  await syncDirectory(dirname(target))
  return true
}

async function copyDurably(from: string, to: string): Promise<void> {
  const options = process.platform === 'linux' ? ['-a', '--reflink=auto'] : ['-a']
  await run('cp', [...options, from, to], { account: null, writesBelow: dirname(to) })
  await syncTree(to)
}
