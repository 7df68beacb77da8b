import { InstanceId, InstanceName, PostgresVersion } from '@toygres/schema'
import { z } from 'zod'
import { changedFields } from './changed-fields.ts'
import { fieldManager } from './cluster/api.ts'
import { idLabel, manifestsOf, nameIn, nameLabel, passwordKey, versionLabel } from './manifests/index.ts'
import type { InstanceOptions } from './options.ts'

const ClusterObject = z.looseObject({
  kind: z.string().optional(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
})

const Labels = z.object({
  [idLabel]: InstanceId,
  [nameLabel]: InstanceName,
  [versionLabel]: PostgresVersion,
})

/** A volume may have grown; and only it itself says what its claim became. */
const comparedKinds = new Set(['Secret', 'NetworkPolicy', 'StatefulSet', 'Service'])

/** Of a Secret only its metadata come: nobody needs to see the passwords of all instances to tell whose they are. */
const unread = { [passwordKey]: null }

/** What somebody set otherwise in an object that we applied, each in a sentence. */
export function specChanges(kind: string, live: unknown, options: InstanceOptions): string[] {
  if (!comparedKinds.has(kind)) return []
  const object = ClusterObject.safeParse(live)
  if (!object.success) return []
  const { name, labels } = object.data.metadata
  const told = Labels.safeParse(labels)
  if (!told.success) return [`${kind} ${name} has lost what its labels say of the instance`]
  const spec = {
    id: told.data[idLabel],
    name: nameIn(name, told.data[idLabel]) ?? told.data[nameLabel],
    version: told.data[versionLabel],
    // Stands for the one that we do not read: what was not set by us is seen by whose it is.
    password: '',
  }
  const applied = manifestsOf(spec, options).find(
    (manifest) => manifest.kind === kind && manifest.metadata.name === name,
  )
  if (!applied) return []
  const compared = kind === 'Secret' ? { metadata: object.data.metadata, data: unread } : object.data
  return changedFields({ ...applied }, compared, fieldManager).map(
    (path) => `somebody has set ${path} of ${kind} ${name}`,
  )
}
