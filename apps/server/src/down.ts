import { setTimeout as sleep } from 'node:timers/promises'
import { stopAllInstances } from '@toygres/providers/local'
import { homeAt } from './home.ts'
import { stopMetadataDatabase } from './metadata-database.ts'
import { findRunning, type RunFile } from './run-file.ts'
import { UserError } from './user-error.ts'
import type { Home } from './home.ts'

/** Longer than the control plane takes to finish what runs. */
const stopTimeoutMs = 60_000

/** Stops the control plane, and what one that was killed left running; with `all`, the instances' servers too. Their data stays. */
export async function down({ home: path, all }: { home: string; all: boolean }): Promise<void> {
  const home = homeAt(path)
  const running = await findRunning(home)
  if (running !== null) await stopProcess(home, running)
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

async function stopProcess(home: Home, { pid, process: identity }: RunFile): Promise<void> {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM')
      throw new UserError(`the control plane (pid ${pid}) belongs to another user: stop it as that user`)
  }
  const deadline = AbortSignal.timeout(stopTimeoutMs)
  // It is not our child, so nobody tells us of its end.
  for (let now = await findRunning(home); now?.process === identity; now = await findRunning(home)) {
    if (deadline.aborted)
      throw new UserError(`the control plane (pid ${pid}) does not stop: end it with "kill -9 ${pid}"`)
    await sleep(25)
  }
}
