import { LocalPostgresError, makePassableDirectory, serverAccount, withLock } from '@toygres/local-postgres'
import { sayItRuns } from './already-running.ts'
import { startProcess } from './control-plane-process.ts'
import { startDetached } from './detach.ts'
import { findHome } from './fresh-home.ts'
import { homeAt, type Home } from './home.ts'
import { checkAddress } from './listen.ts'
import { addressOf, type UpOptions } from './options.ts'
import { findRunning } from './run-file.ts'
import { CutShort, UserError } from './user-error.ts'

/** Runs a control plane until it is told to stop; with `detach`, returns once one listens in the background. */
export async function up(options: UpOptions): Promise<void> {
  // Arguments can be listed by everybody, and the database's address may hold a password.
  process.title = 'toygres up'
  const home = homeAt(options.home)
  const running = await findRunning(home)
  if (running !== null && !(options.detach && running.url === null)) return sayItRuns(home, running, options)
  await checkAddress(addressOf(options))
  const found = await findHome(home)
  // Before anything of ours is in it, the lock and the log of a detached start included.
  await makePassableDirectory(home.path, await serverAccount())
  const start = options.detach ? () => inBackground(home, options) : () => runUntilSignal(home, options)
  const leavingNothing = async () => {
    try {
      await start()
    } catch (error) {
      if (error instanceof UserError && !(error instanceof CutShort)) await found.leaveAsFound()
      throw error
    }
  }
  if (options.detach) return leavingNothing()
  try {
    await withLock(home.lock, leavingNothing, { timeoutMs: 1000 })
  } catch (error) {
    const winner = error instanceof LocalPostgresError ? await findRunning(home) : null
    if (winner === null) throw error
    await sayItRuns(home, winner, options)
  }
}

async function inBackground(home: Home, options: UpOptions): Promise<void> {
  say(home, await startDetached(home, options))
}

async function runUntilSignal(home: Home, options: UpOptions): Promise<void> {
  const stopAsked = firstSignal()
  const { url, logPath, lost, stop } = await startProcess(home, options)
  say(home, { url, logPath, pid: process.pid })
  const why = await Promise.race([stopAsked, lost])
  if (typeof why === 'string') {
    console.error(`toygres: ${why}, finishing what runs`)
    return stop()
  }
  // Nothing can be handed back without the database; what goes wrong on the way out goes wrong for this reason.
  await stop().catch(() => {})
  throw new UserError(`the metadata PostgreSQL has ended and does not start again: ${why.message}`)
}

/** The second signal ends the process at once: somebody is in a hurry. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (asked) process.exit(1)
        asked = true
        resolve(signal)
      })
  })
}

function say(home: Home, { url, logPath, pid }: { url: string; logPath: string; pid: number }): void {
  console.log(`Toygres listens on ${url} (pid ${pid}, log ${logPath}).

Console: ${url}/console/ (sign in with the API key in ${home.client})

Next:
  toygres create orders     a PostgreSQL server, and the string to connect to it
  toygres list              what there is
  toygres down              stop the control plane; instances keep running`)
}
