import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { HealthCrashPoint } from '@toygres/control-plane'

export interface PlaneProcessOptions {
  readonly databaseUrl: string
  readonly home: string
  readonly sealingKey: string
  readonly crashAt?: HealthCrashPoint
  readonly clockAheadMs?: number
}

/** Returns once it runs, or has died at its crash point. */
export async function startPlaneProcess(options: PlaneProcessOptions): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('plane-main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=toygres-source', main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TOYGRES_TEST_PLANE: JSON.stringify(options) },
  })
  if (child.stdout === null) throw new Error('BUG: asked for a pipe')
  const ready = once(child.stdout, 'data')
  await Promise.race([ready, once(child, 'exit')])
  return child
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

export const died = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit')
