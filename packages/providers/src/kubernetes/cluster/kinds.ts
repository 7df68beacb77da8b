import type { V1ObjectMeta } from '@kubernetes/client-node'

/** The kinds of objects that an instance consists of, and those that tell of it. */
export type Kind =
  | 'Namespace'
  | 'Secret'
  | 'PersistentVolumeClaim'
  | 'Service'
  | 'StatefulSet'
  | 'NetworkPolicy'
  | 'Pod'
  | 'Event'

interface Resource {
  /** Of the API group and version. */
  readonly root: string
  readonly plural: string
}

const resources: Record<Kind, Resource> = {
  Namespace: { root: '/api/v1', plural: 'namespaces' },
  Secret: { root: '/api/v1', plural: 'secrets' },
  PersistentVolumeClaim: { root: '/api/v1', plural: 'persistentvolumeclaims' },
  Service: { root: '/api/v1', plural: 'services' },
  StatefulSet: { root: '/apis/apps/v1', plural: 'statefulsets' },
  NetworkPolicy: { root: '/apis/networking.k8s.io/v1', plural: 'networkpolicies' },
  Pod: { root: '/api/v1', plural: 'pods' },
  Event: { root: '/api/v1', plural: 'events' },
}

/** The path of all objects of a kind in a namespace. */
export function collectionPath(kind: Kind, namespace: string): string {
  const { root, plural } = resources[kind]
  return kind === 'Namespace' ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`
}

export const objectPath = (kind: Kind, namespace: string, name: string): string =>
  `${collectionPath(kind, namespace)}/${name}`

/** The field selector of one object: to get some kinds by their name is a right of its own, which nothing here needs. */
export const named = (name: string): string => `metadata.name=${name}`

/** An object as it is sent: what names it is there. */
export type Manifest<T extends { metadata?: V1ObjectMeta } = { metadata?: V1ObjectMeta }> = T & {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}
