import { statfs } from 'node:fs/promises'
import { errnoOf } from '@toygres/local-postgres'
import type { DiskUsage } from '../provider.ts'

/** What ordinary users may still write counts as free. */
export async function diskUnder(directory: string): Promise<DiskUsage | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
