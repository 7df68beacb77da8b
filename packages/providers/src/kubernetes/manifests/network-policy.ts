import type { V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '@kubernetes/client-node'
import type { Manifest } from '../cluster/kinds.ts'
import type { AccessOptions } from '../options.ts'
import type { ManifestContext } from './context.ts'
import { selectorOf } from './labels.ts'

/** The client library writes `from` as `_from`, and turns it around on its way; we send what stands here. */
interface NetworkPolicy extends Pick<V1NetworkPolicy, 'metadata'> {
  readonly apiVersion: string
  readonly kind: string
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Record<string, string> }
    readonly policyTypes: readonly string[]
    readonly ingress: readonly {
      readonly from: readonly V1NetworkPolicyPeer[]
      readonly ports: readonly V1NetworkPolicyPort[]
    }[]
    readonly egress: readonly never[]
  }
}

/** Nothing goes out, and nothing comes in but clients from where the access mode lets them come. */
export function networkPolicyManifest({
  spec,
  options,
  names,
  metadata,
}: ManifestContext): Manifest<NetworkPolicy> {
  const from = peersOf(options.access)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(names.base),
    spec: {
      podSelector: { matchLabels: selectorOf(spec) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: from.length === 0 ? [] : [{ from, ports: [{ port: 'postgresql', protocol: 'TCP' }] }],
      egress: [],
    },
  }
}

const anywhere = ['0.0.0.0/0', '::/0']

function peersOf({ mode, allowedRanges }: AccessOptions): V1NetworkPolicyPeer[] {
  switch (mode) {
    case 'cluster':
      return [{ namespaceSelector: {} }]
    // The kubelet enters the pod's network by itself: no policy is asked.
    case 'port-forward':
      return []
    case 'node-port':
    case 'load-balancer':
      return (allowedRanges ?? anywhere).map((cidr) => ({ ipBlock: { cidr } }))
  }
}
