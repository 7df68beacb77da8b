import type { V1Service, V1ServiceSpec } from '@kubernetes/client-node'
import type { Manifest } from '../cluster/kinds.ts'
import type { AccessOptions } from '../options.ts'
import type { ManifestContext } from './context.ts'
import { selectorOf } from './labels.ts'

export const postgresPort = 5432
export const forwardPortAnnotation = 'toygres.io/forward-port'

const azure = 'service.beta.kubernetes.io/azure'
const port = { name: 'postgresql', port: postgresPort, targetPort: 'postgresql', protocol: 'TCP' }

/** Gives the pod its name in DNS: what a StatefulSet asks for. */
export function headlessServiceManifest({ spec, names, metadata }: ManifestContext): Manifest<V1Service> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(names.headlessService),
    spec: { type: 'ClusterIP', clusterIP: 'None', selector: selectorOf(spec), ports: [port] },
  }
}

/** What clients connect to. `forwardPort` is where a control plane outside the cluster listens for them. */
export function clientServiceManifest(
  { spec, options, names, metadata }: ManifestContext,
  forwardPort?: number,
): Manifest<V1Service> {
  const annotations = {
    ...annotationsFor(options.access, names.base),
    ...(forwardPort !== undefined && { [forwardPortAnnotation]: String(forwardPort) }),
  }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata(names.base),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      ...typeFor(options.access),
      selector: selectorOf(spec),
      ports: [port],
      // There is one pod: not to lead to it until its probe has ticked would only make the first login wait.
      publishNotReadyAddresses: true,
    },
  }
}

type ServiceType = Pick<V1ServiceSpec, 'type' | 'externalTrafficPolicy' | 'loadBalancerSourceRanges'>

/** By which the NetworkPolicy judges: otherwise every client comes from a node. The price is that only the server's own node answers. */
const keepsClientAddress = { externalTrafficPolicy: 'Local' }

function typeFor({ mode, allowedRanges }: AccessOptions): ServiceType {
  switch (mode) {
    case 'cluster':
    case 'port-forward':
      return { type: 'ClusterIP' }
    case 'node-port':
      return { type: 'NodePort', ...(allowedRanges !== undefined && keepsClientAddress) }
    case 'load-balancer':
      return {
        type: 'LoadBalancer',
        ...keepsClientAddress,
        ...(allowedRanges !== undefined && { loadBalancerSourceRanges: [...allowedRanges] }),
      }
  }
}

/** Other clouds do not read these. */
function annotationsFor({ mode, internal, dnsZone }: AccessOptions, label: string): Record<string, string> {
  if (mode !== 'load-balancer') return {}
  return {
    ...(internal && { [`${azure}-load-balancer-internal`]: 'true' }),
    ...(dnsZone !== undefined && { [`${azure}-dns-label-name`]: label }),
  }
}
