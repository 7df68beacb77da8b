import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePrivateDirectory } from '@toygres/local-postgres'
import type { Home } from './home.ts'
import { logPath } from './logger.ts'
import { addressOf, providerOf, type UpOptions } from './options.ts'
import { findRunning } from './run-file.ts'
import { CutShort, UserError } from './user-error.ts'

const startTimeoutMs = 120_000

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Starts this program again in a session of its own, and returns once a control plane listens in the home: that one, or one that was quicker. */
export async function startDetached(
  home: Home,
  options: UpOptions,
): Promise<{ url: string; logPath: string; pid: number }> {
  await makePrivateDirectory(home.logs)
  const outputPath = join(home.logs, 'up.out')
  const output = openSync(outputPath, 'w', 0o600)
  const child = spawn(process.execPath, [...process.execArgv, ...selfArguments(options)], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...(options.databaseUrl && { TOYGRES_DATABASE_URL: options.databaseUrl }) },
  })
  closeSync(output)
  child.unref()
  const ended = new Promise<Ended>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  )
  const deadline = AbortSignal.timeout(startTimeoutMs)
  for (;;) {
    const running = await findRunning(home)
    if (running !== null && running.url !== null)
      return { url: running.url, pid: running.pid, logPath: logPath(home) }
    if (deadline.aborted)
      throw new UserError(`it does not listen after ${startTimeoutMs / 1000} s: see ${logPath(home)}`)
    const said = await Promise.race([ended, sleep(25, null)])
    // It may have ended because another one was quicker: then that one is waited for.
    if (said !== null && (await findRunning(home)) === null) throw whyItEnded(home, said, outputPath)
  }
}

/** The database's address may hold a password: it travels in the environment, not in arguments that everybody can list. */
function selfArguments(options: UpOptions): string[] {
  const [, main = ''] = process.argv
  const { home } = options
  const provider = providerOf(options)
  const { host, port } = addressOf(options)
  return [main, 'up', '--home', home, '--host', host, '--port', String(port), '--provider', provider]
}

/** One that was refused says why. */
function whyItEnded(home: Home, { code, signal }: Ended, outputPath: string): UserError {
  const words = readFileSync(outputPath, 'utf8')
    .trim()
    .replace(/^toygres: /, '')
  if (signal === null && words !== '') return new UserError(words)
  const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`
  return new CutShort(`it ${how} before it listened${words && `: ${words}`}; see ${home.logs}`)
}
