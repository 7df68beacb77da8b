import type { InstanceRun } from '../../provider.ts'
import type { InstanceOptions } from '../options.ts'
import { labelsOf, ownerLabel } from './labels.ts'
import { namesOf, type ObjectNames } from './names.ts'

/** What each manifest of an instance is made from. */
export interface ManifestContext {
  readonly spec: InstanceRun
  readonly options: InstanceOptions
  readonly names: ObjectNames
  metadata(name: string): { name: string; namespace: string; labels: Record<string, string> }
}

export function manifestContext(spec: InstanceRun, options: InstanceOptions): ManifestContext {
  return {
    spec,
    options,
    names: namesOf(spec),
    metadata: (name) => ({
      name,
      namespace: options.namespace,
      labels: { ...labelsOf(spec), ...(options.owner !== undefined && { [ownerLabel]: options.owner }) },
    }),
  }
}
