import { type InstanceSpec, ProviderError } from '../provider.ts'
import type { ForwardPorts } from './access/forwards.ts'
import { apply } from './apply.ts'
import type { Manifest } from './cluster/kinds.ts'
import type { KubernetesContext } from './context.ts'
import {
  clientServiceManifest,
  type ManifestContext,
  headlessServiceManifest,
  manifestContext,
  networkPolicyManifest,
  secretManifest,
  statefulSetManifest,
  volumeClaimManifest,
} from './manifests/index.ts'
import { removeObjects } from './remove.ts'

/**
 * Applies each object of the instance, whatever is there already: none is inferred from another. What the server needs
 * comes before the server, the policy too; what only clients need comes while its pod is being made.
 */
export async function ensureObjects(
  context: KubernetesContext,
  spec: InstanceSpec,
  signal?: AbortSignal,
): Promise<void> {
  const { options, reach, forwardPorts } = context
  const made = manifestContext(spec, options)
  let isNew = false
  await reach('ensure.begun')
  try {
    isNew = (await apply(context, secretManifest(made, spec.password), signal)).created
    await reach('ensure.secret-applied')
    // A volume that was there before is never taken away, whatever is wrong.
    isNew = (await applyClaim(context, volumeClaimManifest(made), signal)) && isNew
    await reach('ensure.volume-claim-applied')
    await apply(context, networkPolicyManifest(made), signal)
    await reach('ensure.network-policy-applied')
    await apply(context, statefulSetManifest(made, { replicas: 1 }), signal)
    await reach('ensure.stateful-set-applied')
    await apply(context, headlessServiceManifest(made), signal)
    await reach('ensure.headless-service-applied')
    if (forwardPorts) await applyForwarded(context, forwardPorts, made, signal)
    else await apply(context, clientServiceManifest(made), signal)
    await reach('ensure.client-service-applied')
  } catch (error) {
    // What cannot be removed either is found by the next `remove` and by `list`.
    if (isNew && error instanceof ProviderError && error.permanent)
      await removeObjects(context, spec, signal).catch(() => {})
    throw error
  }
}

/** Until the port is the instance's alone: another may have been given the same one before either could be seen. */
async function applyForwarded(
  context: KubernetesContext,
  ports: ForwardPorts,
  made: ManifestContext,
  signal: AbortSignal | undefined,
): Promise<void> {
  let applied: number | undefined
  let port = await ports.portFor(made.spec, signal)
  while (port !== applied) {
    await apply(context, clientServiceManifest(made, port), signal)
    applied = port
    port = await ports.portFor(made.spec, signal)
  }
}

/**
 * A volume that is there is enough: it may have grown, so that an older wish is for less, or be of a class that cannot grow, or of a
 * namespace that has no more. No size is worth a server that cannot be started again.
 * @returns whether it is new
 */
async function applyClaim(
  context: KubernetesContext,
  manifest: Manifest,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return (await apply(context, manifest, signal)).created
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.permanent) throw error
    if ((await context.api.read('PersistentVolumeClaim', manifest.metadata.name, { signal })) === null)
      throw error
    return false
  }
}
