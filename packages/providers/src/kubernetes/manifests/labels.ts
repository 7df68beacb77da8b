import type { InstanceRef, InstanceSpec } from '../../provider.ts'
import { namesOf } from './names.ts'

export const idLabel = 'toygres.io/instance-id'
export const nameLabel = 'toygres.io/instance-name'
/** Whose instance it is. Not on pods: one that nobody else had to touch would be made anew for it. */
export const ownerLabel = 'toygres.io/control-plane'
export const versionLabel = 'app.kubernetes.io/version'
/** On everything that we make. */
export const managedBySelector = 'app.kubernetes.io/managed-by=toygres'

/** By which a Service, a policy or a StatefulSet finds the pod: these never change. */
export const selectorOf = ({ id }: Pick<InstanceRef, 'id'>): Record<string, string> => ({ [idLabel]: id })

export const labelsOf = (spec: Pick<InstanceSpec, 'id' | 'name' | 'version'>): Record<string, string> => ({
  'app.kubernetes.io/name': 'postgresql',
  'app.kubernetes.io/instance': namesOf(spec).base,
  [versionLabel]: spec.version,
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/part-of': 'toygres',
  'app.kubernetes.io/managed-by': 'toygres',
  [idLabel]: spec.id,
  [nameLabel]: spec.name,
})
