/**
 * Every place between two requests that change something in the cluster, in the order in which they are passed.
 * The behavioural suite kills a process at each.
 */
export const kubernetesCrashPoints = [
  'ensure.begun',
  'ensure.secret-applied',
  'ensure.volume-claim-applied',
  'ensure.network-policy-applied',
  'ensure.stateful-set-applied',
  'ensure.headless-service-applied',
  'ensure.client-service-applied',
  'stop.begun',
  'stop.stateful-set-scaled',
  'remove.begun',
  'remove.stateful-set-deleted',
  'remove.pod-deleted',
  'remove.client-service-deleted',
  'remove.headless-service-deleted',
  'remove.network-policy-deleted',
  'remove.volume-claim-deleted',
  'remove.secret-deleted',
] as const

export type KubernetesCrashPoint = (typeof kubernetesCrashPoints)[number]

/** Called at each point; a test ends the process there. */
export type Reach = (point: KubernetesCrashPoint) => void | Promise<void>
