import type { Changes } from '../changes.ts'
import type { ForwardPorts } from './access/forwards.ts'
import type { ClusterApi } from './cluster/api.ts'
import type { Reach } from './crash-points.ts'
import type { InstanceOptions } from './options.ts'
import type { SeenInstance } from './seen.ts'
import type { ClusterView } from './view.ts'

/** What the verbs of one provider share. */
export interface KubernetesContext {
  readonly api: ClusterApi
  readonly options: InstanceOptions
  readonly changed: Changes
  readonly reach: Reach
  /** Null unless the access mode is `port-forward`. */
  readonly forwardPorts: ForwardPorts | null
  /** Asked of what is waited for: see `standingStill`. */
  readonly standsStill: (seen: SeenInstance) => boolean
  /** Started by the first who needs it. */
  view(): ClusterView
}
