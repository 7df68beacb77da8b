/** Every place where a process may die and leave a different trace: tests crash at each one, generated from this list. */
export const crashPoints = [
  'operation.started',
  'operation.cancelled',
  'operation.retried',
  'operation.woken',
  'turn.began',
  'turn.transacted',
  'turn.recorded',
  'turn.claimed',
  'turn.committed',
  'step.before-body',
  'step.after-body',
  'recovery.taken',
] as const

export type CrashPoint = (typeof crashPoints)[number]

/** A test seam: called at each crash point, a no-op in production. */
export type Reach = (point: CrashPoint) => void | Promise<void>
