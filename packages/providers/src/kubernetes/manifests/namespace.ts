import type { V1Namespace } from '@kubernetes/client-node'
import type { Manifest } from '../cluster/kinds.ts'

export const namespaceManifest = (name: string): Manifest<V1Namespace> => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: {
      'app.kubernetes.io/part-of': 'toygres',
      'app.kubernetes.io/managed-by': 'toygres',
      // As docker/kubernetes/rbac.yaml makes it: what we put there needs no more.
      'pod-security.kubernetes.io/enforce': 'restricted',
    },
  },
})
