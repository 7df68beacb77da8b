import { InstanceId } from '@toygres/schema'
import { z } from 'zod'
import type { FoundInstance } from '../provider.ts'
import { addressOf } from './access/address.ts'
import { knownToAnswer } from './access/knock.ts'
import { type Kind, named } from './cluster/kinds.ts'
import { SeenClaim, SeenObject, SeenPod, SeenService, SeenStatefulSet } from './cluster/objects.ts'
import type { KubernetesContext } from './context.ts'
import { idLabel, managedBySelector, nameIn, type ObjectNames, ownerLabel } from './manifests/index.ts'
import type { SeenInstance } from './seen.ts'
import { specChanges } from './spec-changes.ts'
import { verdictOf } from './verdict.ts'
import { serviceSlot, uidsOf } from './picture.ts'

interface Found {
  name: string
  owner?: string | undefined
  readonly seen: SeenInstance
  /** What somebody else has set in its objects. */
  readonly changes: string[]
}

/** Stands for the name of an instance none of whose objects has a name of ours. */
const unnamed = 'unknown'

/** Everything that carries our mark, by asking the cluster: the picture that we keep may be a moment old, and lacks what we do not watch. */
export async function listObjects(
  context: KubernetesContext,
  signal?: AbortSignal,
): Promise<FoundInstance[]> {
  const found = await readInstances(context, { labelSelector: managedBySelector }, signal)
  const { owner: own } = context.options
  return [...found].map(([id, { name, owner, seen, changes }]) => {
    const { crashed: _, ...observation } = verdictOf(seen, (seen) => addressOf(context.options, seen))
    return {
      id,
      name,
      observation: (observation.phase === 'starting' && knownToAnswer(context, seen)) || observation,
      isAnothers: own !== undefined && owner !== undefined && owner !== own,
      changes,
    }
  })
}

interface Which {
  readonly labelSelector: string
  /** Of one instance: the server then reads just these, where a label would have it go through all that the namespace has. */
  readonly names?: ObjectNames | undefined
}

/** One list per kind, whatever the number of instances. */
export async function readInstances(
  context: KubernetesContext,
  { labelSelector, names }: Which,
  signal: AbortSignal | undefined,
): Promise<Map<InstanceId, Found>> {
  const found = new Map<InstanceId, Found>()
  const read = async <T extends SeenObject>(
    kind: Kind,
    schema: z.ZodType<T>,
    name: string | undefined,
    put: (seen: SeenInstance, object: T) => void,
  ) => {
    // Compared as it comes in: the whole objects of thousands of instances are not kept together.
    const compared = z.unknown().transform((whole) => ({
      object: schema.parse(whole),
      changes: specChanges(kind, whole, context.options),
    }))
    const metadataOnly = kind === 'Secret'
    const selectors = { labelSelector, ...(name !== undefined && { fieldSelector: named(name) }) }
    const { items } = await context.api.list(kind, compared, selectors, { signal, metadataOnly })
    for (const { object, changes } of items) {
      const { labels = {} } = object.metadata
      const id = InstanceId.safeParse(labels[idLabel])
      if (!id.success) continue
      const entry = found.get(id.data) ?? { name: unnamed, seen: emptyHanded(), changes: [] }
      entry.name = nameIn(object.metadata.name, id.data) ?? entry.name
      entry.owner = labels[ownerLabel] ?? entry.owner
      put(entry.seen, object)
      entry.changes.push(...changes)
      found.set(id.data, entry)
    }
  }
  const services = names ? [names.base, names.headlessService] : [undefined]
  await Promise.all([
    read('StatefulSet', SeenStatefulSet, names?.base, (seen, object) => (seen.statefulSet = object)),
    read('Pod', SeenPod, names?.pod, (seen, object) => (seen.pod = object)),
    read('PersistentVolumeClaim', SeenClaim, names?.base, (seen, object) => (seen.claim = object)),
    ...services.map((name) =>
      read('Service', SeenService, name, (seen, object) => (seen[serviceSlot(object)] = object)),
    ),
    read('Secret', SeenObject, names?.base, (seen, object) => (seen.secret = object)),
    read('NetworkPolicy', SeenObject, names?.base, (seen, object) => (seen.networkPolicy = object)),
  ])
  for (const { seen } of found.values()) seen.warnings.push(...context.view().warningsAbout(uidsOf(seen)))
  return found
}

/** Looked for, and not there so far. */
const emptyHanded = (): SeenInstance => ({ secret: undefined, networkPolicy: undefined, warnings: [] })
