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
      /** Without it, from anywhere. */
      readonly from?: readonly V1NetworkPolicyPeer[]
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
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(names.base),
    spec: {
      podSelector: { matchLabels: selectorOf(spec) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: clientsOf(options.access).map((from) => ({
        ...from,
        ports: [{ port: 'postgresql', protocol: 'TCP' }],
      })),
      egress: [],
    },
  }
}

function clientsOf({ mode, allowedRanges }: AccessOptions): { readonly from?: V1NetworkPolicyPeer[] }[] {
  switch (mode) {
    case 'cluster':
      return [{ from: [{ namespaceSelector: {} }] }]
    // The kubelet enters the pod's network by itself: no policy is asked.
    case 'port-forward':
      return []
    case 'node-port':
    case 'load-balancer':
      // No range in place of "anywhere": to some network plug-ins the addresses of pods and nodes are in none.
      return [allowedRanges ? { from: allowedRanges.map((cidr) => ({ ipBlock: { cidr } })) } : {}]
  }
}
