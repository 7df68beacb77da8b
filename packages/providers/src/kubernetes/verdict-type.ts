import type { Observation } from '../provider.ts'

export type Verdict = Observation & {
  /** The last lines of the server's log say more. */
  readonly crashed?: boolean
}

export const starting = (detail: string): Verdict => ({ phase: 'starting', detail })
