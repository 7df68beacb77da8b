import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import type { Manifest } from '../cluster/kinds.ts'
import type { ManifestContext } from './context.ts'

/** Stands alone: the claim templates of a StatefulSet can never be changed, so its volumes could never grow. */
export function volumeClaimManifest({
  options: { storage },
  names,
  metadata,
}: ManifestContext): Manifest<V1PersistentVolumeClaim> {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata(names.base),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: storage.size } },
      ...(storage.className !== undefined && { storageClassName: storage.className }),
    },
  }
}
