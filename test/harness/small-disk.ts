import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export interface SmallDisk extends AsyncDisposable {
  readonly path: string
  /** To the last byte. */
  fill(): Promise<void>
  /** Gives the room back. */
  clear(): Promise<void>
}

/** A file system of its own, in memory. Takes the right to mount. */
export async function smallDisk(sizeMb: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'toygres-small-disk-'))
  await execute('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', path]).catch(async (error) => {
    await rm(path, { recursive: true })
    throw error
  })
  // Servers run as another user, who has to get through.
  await execute('chmod', ['711', path])
  const filler = join(path, 'filler')
  return {
    path,
    async fill() {
      const file = await open(filler, 'a')
      try {
        // In ever smaller pieces.
        for (let size = 64 * 1024 * 1024; size >= 1;) {
          const written = await file.appendFile(Buffer.alloc(size)).then(
            () => true,
            () => false,
          )
          if (!written) size = Math.floor(size / 2)
        }
      } finally {
        await file.close()
      }
    },
    clear: () => rm(filler),
    async [Symbol.asyncDispose]() {
      await execute('umount', [path])
      await rm(path, { recursive: true })
    },
  }
}

/** Root in a container may lack the right. */
export const canMount: boolean =
  process.platform === 'linux' &&
  (await smallDisk(1).then(
    (disk) => disk[Symbol.asyncDispose]().then(() => true),
    () => false,
  ))
