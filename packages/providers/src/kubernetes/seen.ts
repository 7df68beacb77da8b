import type {
  SeenClaim,
  SeenEvent,
  SeenObject,
  SeenPod,
  SeenService,
  SeenStatefulSet,
} from './cluster/objects.ts'

/** What is seen of an instance's objects, in the cluster or in our picture of it. */
export interface SeenInstance {
  statefulSet?: SeenStatefulSet
  pod?: SeenPod
  claim?: SeenClaim
  /** The one that clients use. */
  service?: SeenService
  headlessService?: SeenService
  /** Null where it was not looked for: we do not watch these. */
  secret: SeenObject | null | undefined
  networkPolicy: SeenObject | null | undefined
  /** What the cluster warns of about these objects, newest last. */
  readonly warnings: SeenEvent[]
}

export const nothingSeen = (): SeenInstance => ({ secret: null, networkPolicy: null, warnings: [] })
