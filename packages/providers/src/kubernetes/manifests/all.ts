import type { InstanceRun, InstanceSpec } from '../../provider.ts'
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
    secretManifest(context, spec.password),
    volumeClaimManifest(context),
    networkPolicyManifest(context),
    statefulSetManifest(context, { replicas: 1 }),
    headlessServiceManifest(context),
    clientServiceManifest(context),
  ]
}

/** What changes when an instance is stopped. Whole, since server-side apply takes away what a later one leaves out. */
export const stoppedManifestOf = (instance: InstanceRun, options: InstanceOptions): Manifest =>
  statefulSetManifest(manifestContext(instance, options), { replicas: 0 })
