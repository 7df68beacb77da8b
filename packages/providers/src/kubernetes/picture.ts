import type { InstanceId } from '@toygres/schema'
import type { Changes } from '../changes.ts'
import type { Address } from '../provider.ts'
import type { SeenEvent, SeenObject, SeenPod, SeenService } from './cluster/objects.ts'
import { idLabel } from './manifests/index.ts'
import { nothingSeen, type SeenInstance } from './seen.ts'
import { keepWarnings } from './warnings.ts'

type Slot = 'statefulSet' | 'pod' | 'claim' | 'service' | 'headlessService'

/** What was told of the instances' objects, put together. */
export interface Picture {
  put<S extends Slot>(slot: S, object: SeenObject & NonNullable<SeenInstance[S]>, isThere: boolean): void
  putPod(pod: SeenPod, isThere: boolean): void
  putWarning(event: SeenEvent, isThere: boolean): void
  of(id: InstanceId): SeenInstance
  /** Whether an object is in the picture. */
  has(id: InstanceId, uid: string): boolean
  /** Remembers that the server in this life of a pod took logins at this address. */
  confirm(pod: SeenPod, address: Address): void
  isConfirmed(pod: SeenPod, address: Address): boolean
  warningsAbout(uids: readonly string[]): SeenEvent[]
}

export function keepPicture(changed: Changes): Picture {
  const instances = new Map<InstanceId, SeenInstance>()
  /** Whose an object is, by its uid: for the events about it. */
  const owners = new Map<string, InstanceId>()
  const warnings = keepWarnings()
  /** By pod, in which of its lives the server took logins, and where. */
  const confirmed = new Map<string, string>()

  const seen = (id: InstanceId) => instances.get(id) ?? nothingSeen()

  function forget(uid: string): void {
    owners.delete(uid)
    warnings.forget(uid)
    confirmed.delete(uid)
  }

  function put<S extends Slot>(slot: S, object: SeenObject & NonNullable<SeenInstance[S]>, isThere: boolean) {
    const id = object.metadata.labels?.[idLabel]
    if (id === undefined) return
    const now = { ...seen(id) }
    const before = now[slot]?.metadata.uid
    const { uid } = object.metadata
    if (isThere) {
      now[slot] = object
      owners.set(uid, id)
      // A list tells of one object in the place of another, of whose end nobody was told.
      if (before !== undefined && before !== uid) forget(before)
    } else {
      if (before === uid) delete now[slot]
      forget(uid)
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

  return {
    put,
    putPod,
    putWarning,
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
