import type { InstanceRun } from '../provider.ts'
import { apply } from './apply.ts'
import type { KubernetesContext } from './context.ts'
import { namesOf, stoppedManifestOf } from './manifests/index.ts'

/** Scales the instance to no pod; the controller ends the one that there is, with the time that a checkpoint takes. */
export async function stopInstance(
  context: KubernetesContext,
  instance: InstanceRun,
  signal?: AbortSignal,
): Promise<boolean> {
  const { api, options, reach } = context
  const names = namesOf(instance)
  await reach('stop.begun')
  if ((await api.read('StatefulSet', names.base, { signal })) !== null)
    await apply(context, stoppedManifestOf(instance, options), signal)
  await reach('stop.stateful-set-scaled')
  return (await api.read('Pod', names.pod, { signal })) === null
}
