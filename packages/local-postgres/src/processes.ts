import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { LocalPostgresError, errnoOf } from './errors.ts'
import { untilChanged } from './until-changed.ts'

const execute = promisify(execFile)

const timeoutMs = 10_000

/** PostgreSQL's processes work in their data directory: a server with its backends, or one in single-user mode. */
export async function processesIn(dataDirectory: string): Promise<number[]> {
  if (process.platform !== 'linux') return commandsOn(dataDirectory)
  const directory = await placeOf(dataDirectory)
  if (directory === null) return []
  const pids = await processIds()
  const ours = await Promise.all(pids.map((pid) => isPostgresIn(directory, pid)))
  return pids.filter((_, index) => ours[index])
}

/** A directory by what it is: in a container the same path may be another one. */
async function placeOf(path: string): Promise<string | null> {
  return stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => null,
  )
}

/** Somebody's shell may stand there as well. */
async function isPostgresIn(directory: string, pid: number): Promise<boolean> {
  if ((await placeOf(`/proc/${pid}/cwd`)) !== directory) return false
  // Once its binaries are replaced, " (deleted)" follows.
  return basename(await readlink(`/proc/${pid}/exe`).catch(() => '')).startsWith('postgres')
}

/** Postmasters that were started in a data directory which is somewhere else by now, or nowhere: their command still names the place. */
export async function straysOf(dataDirectory: string): Promise<number[]> {
  if (process.platform !== 'linux') return commandsOn(dataDirectory)
  const [root, pids] = await Promise.all([placeOf('/'), processIds()])
  const theirs = await Promise.all(pids.map((pid) => isPostmasterOf(dataDirectory, pid, root)))
  return pids.filter((_, index) => theirs[index])
}

async function isPostmasterOf(dataDirectory: string, pid: number, root: string | null): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const [program = '', option, directory] = command.split('\0')
  if (basename(program) !== 'postgres' || option !== '-D' || directory !== dataDirectory) return false
  // In a container the same path may be another one.
  return (await placeOf(`/proc/${pid}/root`)) === root
}

const processIds = async (): Promise<number[]> =>
  (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)

/** Of a server only its postmaster; the others end when that has. */
async function commandsOn(dataDirectory: string): Promise<number[]> {
  const { stdout } = await execute('ps', ['-axo', 'pid=,command='])
  return stdout
    .split('\n')
    .filter((line) => /^\s*\d+ \S*postgres /.test(line) && line.includes(`-D ${dataDirectory} `))
    .map((line) => Number.parseInt(line, 10))
}

/**
 * Kills every one of them, those that are stopped (SIGSTOP) or hang too, with the programs that they run (`copy from program`),
 * and returns when they are gone.
 * @returns whether there were any
 * @throws {LocalPostgresError} STOP_FAILED
 */
export async function killProcessesIn(dataDirectory: string): Promise<boolean> {
  const none = async () => {
    const pids = await processesIn(dataDirectory)
    // Each time anew: the first to die may just have started another.
    for (const pid of pids) kill(pid)
    return pids.length === 0 ? true : null
  }
  if (await none()) return false
  if (await untilChanged(dataDirectory, none, { timeoutMs, recheckMs: 50 })) return true
  throw new LocalPostgresError(
    'STOP_FAILED',
    `processes of PostgreSQL in ${dataDirectory} do not end (${(await processesIn(dataDirectory)).join(', ')}): end them`,
  )
}

/** Each process of a server leads a group of its own; one in single-user mode leads none. */
function kill(pid: number): void {
  for (const whom of [-pid, pid])
    try {
      process.kill(whom, 'SIGKILL')
    } catch (error) {
      if (errnoOf(error) !== 'ESRCH') throw error
    }
}
