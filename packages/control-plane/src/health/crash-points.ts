/** Every place where a process may die and leave another trace of its checks: tests kill one at each. */
export const healthCrashPoints = ['health.fetched', 'health.probed', 'health.recorded'] as const

export type HealthCrashPoint = (typeof healthCrashPoints)[number]

/** A test seam: called at each crash point, a no-op in production. */
export type HealthReach = (point: HealthCrashPoint) => void | Promise<void>
