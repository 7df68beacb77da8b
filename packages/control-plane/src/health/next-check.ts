/** When a check ended and what it changed, as far as the next one depends on it. */
export interface Checked {
  readonly instanceId: string
  /** By the database's clock. */
  readonly now: Date
  readonly intervalMs: number
  /** The health is about to change, and one or two more checks decide it. */
  readonly undecided: boolean
}

/** A change of health is confirmed, or not, after this long, however rarely an instance is checked. */
const confirmationMs = 5000

/** A check that was lost is made up for within this time, however rarely its instance is checked. */
const makeUpMs = 30_000

/**
 * The first moment after now on the grid of its instance: checks that come late do not shift those after them, and a control
 * plane that was away for an hour makes up for none of the missed ones.
 */
export function nextCheckAt({ instanceId, now, intervalMs, undecided }: Checked): Date {
  const next = nextOnGrid(instanceId, now, intervalMs)
  return new Date(undecided ? Math.min(next, now.getTime() + confirmationMs) : next)
}

/** When the check is due that takes the place of one that was lost. */
export const replacementAt = ({ instanceId, now, intervalMs }: Omit<Checked, 'undecided'>): Date =>
  new Date(nextOnGrid(instanceId, now, Math.min(intervalMs, makeUpMs)))

/** When an instance whose server is being started is checked at the latest: an interval later, as if it had just been found well. */
export const checkAfterPauseAt = ({ now, intervalMs }: Pick<Checked, 'now' | 'intervalMs'>): Date =>
  new Date(now.getTime() + Math.min(intervalMs, makeUpMs))

/**
 * Every instance has a grid of its own, which its id says: whatever has brought the checks of many to one moment, they are spread
 * over the interval again with the next one.
 */
function nextOnGrid(instanceId: string, now: Date, intervalMs: number): number {
  const offset = Math.floor(shareOf(instanceId) * intervalMs)
  return offset + (Math.floor((now.getTime() - offset) / intervalMs) + 1) * intervalMs
}

/** From 0 to 1. The last digits of an id are random: those before them are when it was made. */
const shareOf = (id: string): number => Number.parseInt(id.slice(-8), 16) / 2 ** 32
