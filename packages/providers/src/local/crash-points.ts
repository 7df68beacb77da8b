/**
 * The places between two effects on the outside, in the order in which they are passed; a tree that is removed and
 * a server that starts count as one effect each. The behavioural suite kills a process at each, and the
 * suite of this provider at those of a move, which happens only to an instance whose first port is taken.
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
  'ensure.configuration-kept',
  'ensure.server-started',
  'move.port-reserved',
  'move.record-written',
  'move.old-port-released',
  'stop.begun',
  'stop.server-stopped',
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
