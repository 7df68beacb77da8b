import { execFile } from 'node:child_process'
import { readlink, realpath, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type PostmasterFile, postmasterFileName, readPostmasterFile } from './postmaster-file.ts'
import { processIdentity } from './process-identity.ts'
import { killProcessesIn, processesIn } from './processes.ts'

const execute = promisify(execFile)

/** A postmaster that runs in a data directory now. */
export type RunningServer = PostmasterFile

/**
 * The server that runs in a data directory; null when none does. A pid that belongs to another process by
 * now, as after a restart of the machine, is not taken for it.
 */
export async function findServer(dataDirectory: string): Promise<RunningServer | null> {
  const file = await readPostmasterFile(dataDirectory)
  return file && (await runsIn(dataDirectory, file.pid)) ? file : null
}

/** Whether the last server of a data directory, where none runs, has ended because it was told to: one that dies leaves its file. */
export const endedInGoodOrder = async (dataDirectory: string): Promise<boolean> =>
  (await readPostmasterFile(dataDirectory)) === null

/**
 * Kills what outlived a postmaster that was killed, and does not hear of it, be it stopped (SIGSTOP) or held up by its disk:
 * PostgreSQL starts beside none of them. Whoever works there without a postmaster, in single-user mode, is let be.
 * @throws {LocalPostgresError} STOP_FAILED
 */
export async function killOrphans(dataDirectory: string): Promise<void> {
  const file = await readPostmasterFile(dataDirectory)
  if (file && !(await runsIn(dataDirectory, file.pid))) await killProcessesIn(dataDirectory)
}

/**
 * Clears away a `postmaster.pid` whose pid was given to another process, over which PostgreSQL would refuse to
 * start. One whose process is gone stays: PostgreSQL looks through it for backends that outlived it.
 */
export async function removeMisleadingPostmasterFile(dataDirectory: string): Promise<void> {
  const file = await readPostmasterFile(dataDirectory)
  if (!file || (await processIdentity(file.pid)) === null) return
  if ((await processesIn(dataDirectory)).length > 0) return
  await unlink(join(dataDirectory, postmasterFileName))
}

async function runsIn(dataDirectory: string, pid: number): Promise<boolean> {
  if ((await processIdentity(pid)) === null) return false
  if (process.platform !== 'linux') return commandNames(dataDirectory, pid)
  return (await workingDirectory(pid)) === (await realpath(dataDirectory).catch(() => null))
}

async function workingDirectory(pid: number): Promise<string | null> {
  return readlink(`/proc/${pid}/cwd`).catch(() => null)
}

async function commandNames(dataDirectory: string, pid: number): Promise<boolean> {
  return execute('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.includes(`-D ${dataDirectory} `),
    () => false,
  )
}
