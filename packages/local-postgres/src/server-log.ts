import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn } from './directories.ts'
import { errnoOf } from './errors.ts'
import { readServerFile } from './server-file.ts'

const filesKept = 5
const fileSizeMb = 8
/** Of one file, when its end is read. */
export const tailBytes = 256 * 1024

/** PostgreSQL starts a new file at each size and each day, and never removes one: `pruneLogs` does. */
export function logSettings(logDirectory: string): Record<string, string> {
  return {
    logging_collector: 'on',
    log_directory: logDirectory,
    // Sorts by time.
    log_filename: 'postgresql-%Y-%m-%d_%H%M%S.log',
    log_file_mode: '0600',
    log_rotation_size: `${fileSizeMb}MB`,
    log_rotation_age: '1d',
  }
}

/** Keeps the newest five files, which is what bounds a log to some 40 MB. */
export async function pruneLogs(logDirectory: string): Promise<void> {
  for (const name of (await logFiles(logDirectory)).slice(0, -filesKept)) {
    await unlink(join(logDirectory, name)).catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error
    })
  }
}

/** The last lines of a server's log, oldest first, from at most 256 KiB of each of its newest two files. */
export async function tailLog(logDirectory: string, lines: number): Promise<string[]> {
  const newest = (await logFiles(logDirectory)).slice(-2)
  const texts = await Promise.all(newest.map((name) => readServerFile(join(logDirectory, name), tailBytes)))
  return texts
    .flatMap((text) => text?.split('\n') ?? [])
    .filter((line) => line !== '')
    .slice(-lines)
}

/** Oldest first. */
export async function logFiles(logDirectory: string): Promise<string[]> {
  return (await namesIn(logDirectory)).filter((name) => name.endsWith('.log')).toSorted()
}
