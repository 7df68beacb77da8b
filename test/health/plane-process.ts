import type { ChildProcess } from 'node:child_process'
import type { HealthCrashPoint } from '@toygres/control-plane'
import { startProcess } from '../harness/killable-process.ts'

export interface PlaneProcessOptions {
  readonly databaseUrl: string
  readonly home: string
  readonly sealingKey: string
  readonly crashAt?: HealthCrashPoint
  readonly clockAheadMs?: number
}

/** Returns once it runs, or has died at its crash point. */
export const startPlaneProcess = (options: PlaneProcessOptions): Promise<ChildProcess> =>
  startProcess(new URL('plane-main.ts', import.meta.url), {
    env: { TOYGRES_TEST_PLANE: JSON.stringify(options) },
  })
