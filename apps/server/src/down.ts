import { setTimeout as sleep } from 'node:timers/promises'
import { holdersOf, processIdentity } from '@toygres/local-postgres'
import { stopAllInstances } from '@toygres/providers/local'
import { homeAt, type Home } from './home.ts'
import { stopMetadataDatabase } from './metadata-database.ts'
import { findRunning } from './run-file.ts'
import { UserError } from './user-error.ts'

/** Longer than the control plane takes to finish what runs, and to kill a database that hears nothing any more. */
const stopTimeoutMs = 90_000

/** Stops the control plane, and what one that was killed left running; with `all`, the instances' servers too. Their data stays. */
export async function down({ home: path, all }: { home: string; all: boolean }): Promise<void> {
  const home = homeAt(path)
  const running = await runningIn(home)
  if (running !== null) await stopProcess(running)
  const leftover = await stopMetadataDatabase(home)
  const instances = all ? (await stopAllInstances(home.path)).length : 0
  if (running !== null) console.log(`Toygres (pid ${running.pid}) has stopped.`)
  else if (leftover) console.log('Toygres did not run; its metadata database did, and has been stopped.')
  else console.log('Toygres does not run.')
  if (all)
    console.log(
      `${instances} instance${instances === 1 ? '' : 's'} stopped; the data stays, and "toygres up" starts them again.`,
    )
}

interface Running {
  readonly pid: number
  /** Tells the process from a later one with the same pid. */
  readonly identity: string
}

/** Who holds the lock runs, whatever has become of the file that should say so: its database must not be stopped under it. */
async function runningIn(home: Home): Promise<Running | null> {
  const file = await findRunning(home).catch((error: unknown) => {
    if (error instanceof UserError) return null
    throw error
  })
  if (file !== null) return { pid: file.pid, identity: file.process }
  return (await holdersOf(home.lock))[0] ?? null
}

async function stopProcess({ pid, identity }: Running): Promise<void> {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM')
      throw new UserError(`the control plane (pid ${pid}) belongs to another user: stop it as that user`)
  }
  const deadline = AbortSignal.timeout(stopTimeoutMs)
  // It is not our child, so nobody tells us of its end.
  while ((await processIdentity(pid)) === identity) {
    if (deadline.aborted)
      throw new UserError(`the control plane (pid ${pid}) does not stop: end it with "kill -9 ${pid}"`)
    await sleep(25)
  }
}
