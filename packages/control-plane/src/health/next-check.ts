/** When a check ended and what it changed, as far as the next one depends on it. */
export interface Checked {
  /** When the check was due. */
  readonly dueAt: Date
  /** By the database's clock. */
  readonly now: Date
  readonly intervalMs: number
  /** The health is about to change, and one or two more checks decide it. */
  readonly undecided: boolean
}

/** A change of health is confirmed, or not, after this long, however rarely an instance is checked. */
const confirmationMs = 5000

/**
 * The first moment after now on the grid that the due times of an instance make: checks that come late do not shift those after
 * them, and a control plane that was away for an hour makes up for none of the missed ones.
 */
export function nextCheckAt({ dueAt, now, intervalMs, undecided }: Checked): Date {
  const passed = Math.floor((now.getTime() - dueAt.getTime()) / intervalMs)
  const onGrid = dueAt.getTime() + (Math.max(passed, 0) + 1) * intervalMs
  // A due time far ahead is from before the clock was set back.
  const next = Math.min(onGrid, now.getTime() + intervalMs)
  return new Date(undecided ? Math.min(next, now.getTime() + confirmationMs) : next)
}
