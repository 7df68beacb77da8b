import type { InstanceSpec } from '../../provider.ts'
import type { Manifest } from '../cluster/kinds.ts'
import type { InstanceOptions } from '../options.ts'
import { manifestContext } from './context.ts'
import { networkPolicyManifest } from './network-policy.ts'
import { secretManifest } from './secret.ts'
import { clientServiceManifest, headlessServiceManifest } from './services.ts'
import { statefulSetManifest } from './stateful-set.ts'
import { volumeClaimManifest } from './volume-claim.ts'

/** Everything that an instance consists of, as `ensure` applies it: to look at, or to apply by other means. */
export function manifestsOf(spec: InstanceSpec, options: InstanceOptions): Manifest[] {
  const context = manifestContext(spec, options)
  return [
    secretManifest(context),
    volumeClaimManifest(context),
    networkPolicyManifest(context),
    statefulSetManifest(context),
    headlessServiceManifest(context),
    clientServiceManifest(context),
  ]
}
