import { withoutPassword } from '@toygres/control-plane'
import type { Home } from './home.ts'
import { logPath } from './logger.ts'
import type { UpOptions } from './options.ts'
import type { RunFile, Settings } from './run-file.ts'
import { UserError } from './user-error.ts'

/** As long as commands wait: a machine may be busy, and what does not answer them hangs. */
const answersWithin = 10_000

/** @throws {UserError} where it hangs, or was to run otherwise than it does: whoever asked for that would believe that it does now */
export async function sayItRuns(
  home: Home,
  { url, pid, settings }: RunFile,
  options: UpOptions,
): Promise<void> {
  if (url !== null) await sayIfItDoesNotAnswer(home, { url, pid })
  const differences = [
    ...differentPort(url, options),
    ...(settings ? differentSettings(settings, options) : []),
  ]
  if (differences.length > 0)
    throw new UserError(
      `Toygres runs already, and not ${differences.join(', nor ')}: ${url ?? 'it is starting'} (pid ${pid}). To change that, stop it first with "toygres down"`,
    )
  console.log(
    url === null ? `Toygres is starting already (pid ${pid}).` : `Toygres runs already: ${url} (pid ${pid}).`,
  )
}

function differentPort(url: string | null, { port }: UpOptions): string[] {
  if (url === null || port === undefined || port === 0 || port === portOf(url)) return []
  return [`on port ${port}`]
}

/** Whatever it answers: one whose database is away runs. */
async function sayIfItDoesNotAnswer(home: Home, { url, pid }: { url: string; pid: number }): Promise<void> {
  const signal = AbortSignal.timeout(answersWithin)
  await fetch(`${url}/health`, { signal }).catch(() => {
    throw new UserError(
      signal.aborted
        ? `Toygres runs already (pid ${pid}), and does not answer at ${url}: see ${logPath(home)}. If it was paused, let it go on with "kill -CONT ${pid}"; else end it with "kill -9 ${pid}", and start it again`
        : `Toygres (pid ${pid}) is stopping: start it again when that has ended`,
    )
  })
}

/** What nobody said may be as it is. */
function differentSettings(settings: Settings, { host, provider, databaseUrl }: UpOptions): string[] {
  const database = databaseUrl === undefined ? null : withoutPassword(databaseUrl)
  return [
    ...(host !== undefined && host !== settings.host ? [`on host ${host}`] : []),
    ...(provider !== undefined && provider !== settings.provider ? [`with provider ${provider}`] : []),
    ...(database !== null && database !== settings.database ? [`with the database ${database}`] : []),
  ]
}

const portOf = (url: string): number => Number(new URL(url).port || 80)
