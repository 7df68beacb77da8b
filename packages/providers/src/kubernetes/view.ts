import type { InstanceId } from '@toygres/schema'
import type { Changes } from '../changes.ts'
import type { Address } from '../provider.ts'
import type { ClusterApi } from './cluster/api.ts'
import type { PooledKubeConfig } from './cluster/connection.ts'
import { type Informer, type Trouble, startInformer } from './cluster/informer.ts'
import {
  SeenClaim,
  SeenEvent,
  type SeenObject,
  SeenPod,
  SeenService,
  SeenStatefulSet,
} from './cluster/objects.ts'
import { idLabel, managedBySelector } from './manifests/index.ts'
import { nothingSeen, type SeenInstance } from './seen.ts'
import { keepWarnings } from './warnings.ts'

/** Our picture of the instances in the cluster, kept up by one watch per kind, however many instances there are. */
export interface ClusterView {
  /** Once the picture is complete. @throws when the signal is aborted before */
  synced(signal?: AbortSignal): Promise<void>
  of(id: InstanceId): SeenInstance
  /** Whether an object is in the picture. */
  has(id: InstanceId, uid: string): boolean
  /** Remembers that the server in this life of a pod took logins at this address. */
  confirm(pod: SeenPod, address: Address): void
  isConfirmed(pod: SeenPod, address: Address): boolean
  warningsAbout(uids: readonly string[]): SeenEvent[]
  /** Why the picture is not kept up now, the worst first; null when it is. */
  trouble(): Trouble | null
  stop(): Promise<void>
}

type Slot = 'statefulSet' | 'pod' | 'claim' | 'service' | 'headlessService'

export function startView(config: PooledKubeConfig, api: ClusterApi, changed: Changes): ClusterView {
  const instances = new Map<InstanceId, SeenInstance>()
  /** Whose an object is, by its uid: for the events about it. */
  const owners = new Map<string, InstanceId>()
  const warnings = keepWarnings()
  /** By pod, in which of its lives the server took logins, and where. */
  const confirmed = new Map<string, string>()

  const seen = (id: InstanceId) => instances.get(id) ?? nothingSeen()

  function put<S extends Slot>(slot: S, object: SeenObject & NonNullable<SeenInstance[S]>, isThere: boolean) {
    const id = object.metadata.labels?.[idLabel]
    if (id === undefined) return
    const now = { ...seen(id) }
    if (isThere) {
      now[slot] = object
      owners.set(object.metadata.uid, id)
    } else {
      if (now[slot]?.metadata.uid === object.metadata.uid) delete now[slot]
      owners.delete(object.metadata.uid)
      warnings.forget(object.metadata.uid)
      confirmed.delete(object.metadata.uid)
    }
    if (isEmpty(now)) instances.delete(id)
    else instances.set(id, now)
    changed.emit(id)
  }

  /** A pod that was made shows that what kept it from being made has passed. */
  const putPod = (pod: SeenPod, isThere: boolean) => {
    const { ownerReferences = [], creationTimestamp } = pod.metadata
    // Of an owner that is gone by now nothing more is kept.
    const known = ownerReferences.filter(({ uid }) => owners.has(uid))
    if (isThere) for (const { uid } of known) warnings.passed(uid, creationTimestamp)
    put('pod', pod, isThere)
  }

  const putWarning = (event: SeenEvent, isThere: boolean) => {
    warnings.put(event, isThere)
    const id = owners.get(event.involvedObject.uid ?? '')
    if (id !== undefined) changed.emit(id)
  }

  const ours = { labelSelector: managedBySelector }
  const informers: readonly Informer[] = [
    startInformer(config, api, {
      kind: 'StatefulSet',
      schema: SeenStatefulSet,
      ...ours,
      onChange: (object, isThere) => put('statefulSet', object, isThere),
    }),
    startInformer(config, api, {
      kind: 'Pod',
      schema: SeenPod,
      ...ours,
      onChange: putPod,
    }),
    startInformer(config, api, {
      kind: 'PersistentVolumeClaim',
      schema: SeenClaim,
      ...ours,
      onChange: (object, isThere) => put('claim', object, isThere),
    }),
    startInformer(config, api, {
      kind: 'Service',
      schema: SeenService,
      ...ours,
      onChange: (object, isThere) => put(serviceSlot(object), object, isThere),
    }),
    startInformer(config, api, {
      kind: 'Event',
      schema: SeenEvent,
      fieldSelector: 'type=Warning',
      onChange: putWarning,
    }),
  ]
  const allSynced = Promise.all(informers.map((informer) => informer.synced))

  return {
    async synced(signal) {
      if (signal === undefined) await allSynced
      else await Promise.race([allSynced, aborted(signal)])
    },
    of: (id) => {
      const now = seen(id)
      return { ...now, warnings: warnings.about(uidsOf(now)) }
    },
    has: (id, uid) => owners.get(uid) === id,
    confirm: (pod, address) => {
      if (owners.has(pod.metadata.uid)) confirmed.set(pod.metadata.uid, lifeAt(pod, address))
    },
    isConfirmed: (pod, address) => confirmed.get(pod.metadata.uid) === lifeAt(pod, address),
    warningsAbout: (uids) => warnings.about(uids),
    trouble: () => {
      const troubles = informers.flatMap((informer) => informer.trouble() ?? [])
      return troubles.find(({ error }) => error.permanent) ?? troubles[0] ?? null
    },
    stop: async () => {
      await Promise.all(informers.map((informer) => informer.stop()))
    },
  }
}

const lifeAt = ({ status }: SeenPod, { host, port }: Address): string =>
  `${status.containerStatuses[0]?.restartCount ?? 0} ${host}:${port}`

export const serviceSlot = (service: SeenService): 'service' | 'headlessService' =>
  service.metadata.name.endsWith('-pod') ? 'headlessService' : 'service'

export const uidsOf = ({ statefulSet, pod, claim }: SeenInstance): string[] =>
  [statefulSet, pod, claim].flatMap((object) => (object ? [object.metadata.uid] : []))

const isEmpty = ({ statefulSet, pod, claim, service, headlessService }: SeenInstance): boolean =>
  !(statefulSet ?? pod ?? claim ?? service ?? headlessService)

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error)
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
  })
}
