import type { Changes } from '../changes.ts'
import type { ClusterApi } from './cluster/api.ts'
import type { PooledKubeConfig } from './cluster/connection.ts'
import { type Informer, type Trouble, startInformer } from './cluster/informer.ts'
import { SeenClaim, SeenEvent, SeenPod, SeenService, SeenStatefulSet } from './cluster/objects.ts'
import { managedBySelector } from './manifests/index.ts'
import { keepPicture, type Picture, serviceSlot } from './picture.ts'

/** Our picture of the instances in the cluster, kept up by one watch per kind, however many instances there are. */
export interface ClusterView extends Pick<
  Picture,
  'of' | 'has' | 'confirm' | 'isConfirmed' | 'warningsAbout'
> {
  /** Once the picture is complete. @throws when the signal is aborted before */
  synced(signal?: AbortSignal): Promise<void>
  /** Why the picture is not kept up now, the worst first; null when it is. */
  trouble(): Trouble | null
  stop(): Promise<void>
}

export function startView(config: PooledKubeConfig, api: ClusterApi, changed: Changes): ClusterView {
  const picture = keepPicture(changed)
  const ours = { labelSelector: managedBySelector }
  const informers: readonly Informer[] = [
    startInformer(config, api, {
      kind: 'StatefulSet',
      schema: SeenStatefulSet,
      ...ours,
      onChange: (object, isThere) => picture.put('statefulSet', object, isThere),
    }),
    startInformer(config, api, {
      kind: 'Pod',
      schema: SeenPod,
      ...ours,
      onChange: picture.putPod,
    }),
    startInformer(config, api, {
      kind: 'PersistentVolumeClaim',
      schema: SeenClaim,
      ...ours,
      onChange: (object, isThere) => picture.put('claim', object, isThere),
    }),
    startInformer(config, api, {
      kind: 'Service',
      schema: SeenService,
      ...ours,
      onChange: (object, isThere) => picture.put(serviceSlot(object), object, isThere),
    }),
    startInformer(config, api, {
      kind: 'Event',
      schema: SeenEvent,
      fieldSelector: 'type=Warning',
      onChange: picture.putWarning,
    }),
  ]
  const allSynced = Promise.all(informers.map((informer) => informer.synced))

  return {
    ...picture,
    async synced(signal) {
      if (signal === undefined) await allSynced
      else await Promise.race([allSynced, aborted(signal)])
    },
    trouble: () => {
      const troubles = informers.flatMap((informer) => informer.trouble() ?? [])
      return troubles.find(({ error }) => error.permanent) ?? troubles[0] ?? null
    },
    stop: async () => {
      await Promise.all(informers.map((informer) => informer.stop()))
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error)
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
  })
}
