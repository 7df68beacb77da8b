import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './command.ts'

/**
 * Puts a file of ours in the place of the one that is there: whoever reads it sees the old or the new, never
 * half, also after a loss of power. Only we can read it. Not for two writers of one path at a time.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  // Always the same name: what a crash leaves, secrets perhaps, is gone with the next call.
  const draft = `${path}.partial`
  await rm(draft, { force: true })
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

/** Makes a name that was just given or taken in this directory outlive a loss of power. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Makes every file and directory below `path` outlive a loss of power. */
export async function syncTree(path: string): Promise<void> {
  // One flush of the file system costs a fraction of a thousand flushes of one file each.
  if (process.platform === 'linux')
    await run('sync', ['--file-system', path], { account: null, writesBelow: path })
  else await syncEach(path)
}

async function syncEach(path: string): Promise<void> {
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory()) await syncDirectory(join(entry.parentPath, entry.name))
  }
  await syncDirectory(path)
}
