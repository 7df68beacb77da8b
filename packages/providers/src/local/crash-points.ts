/**
 * Every place between two effects on the outside, in the order in which they are passed. The behavioural
 * suite kills a process at each.
 */
export const localCrashPoints = [
  'ensure.begun',
  'ensure.directory-made',
  'ensure.port-reserved',
  'ensure.record-written',
  'ensure.data-cloned',
  'ensure.password-set',
  'ensure.data-named',
  'ensure.data-recorded',
  'ensure.server-started',
  'remove.begun',
  'remove.server-stopped',
  'remove.data-unnamed',
  'remove.data-removed',
  'remove.record-removed',
  'remove.directory-removed',
  'remove.port-released',
] as const

export type LocalCrashPoint = (typeof localCrashPoints)[number]

/** Called at each point; a test ends the process there. */
export type Reach = (point: LocalCrashPoint) => void | Promise<void>
