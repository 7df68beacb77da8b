import { withoutPassword } from '@toygres/control-plane'
import type { UpOptions } from './options.ts'
import type { RunFile, Settings } from './run-file.ts'
import { UserError } from './user-error.ts'

/** @throws {UserError} where it was to run otherwise than it does: whoever asked for that would believe that it does now */
export function sayItRuns({ url, pid, settings }: RunFile, options: UpOptions): void {
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
