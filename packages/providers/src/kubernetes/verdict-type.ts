import type { Observation } from '../provider.ts'

export type Verdict = Observation & {
  /** The last lines of the server's log say more. */
  readonly crashed?: boolean
}

export const starting = (detail: string): Verdict => ({ phase: 'starting', detail })

/** Whoever ran there does not any more. */
export const gone = (detail: string): Verdict => ({ phase: 'starting', detail, isGone: true })
