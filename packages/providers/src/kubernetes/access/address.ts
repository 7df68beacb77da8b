import type { Address } from '../../provider.ts'
import { forwardPortAnnotation, postgresPort } from '../manifests/index.ts'
import type { InstanceOptions } from '../options.ts'
import type { SeenInstance } from '../seen.ts'

/** Where clients reach an instance, as its access mode has it; null while that is not known. */
export function addressOf(
  { access, namespace }: InstanceOptions,
  { service, pod }: SeenInstance,
): Address | null {
  if (!service) return null
  switch (access.mode) {
    case 'cluster':
      return { host: `${service.metadata.name}.${namespace}.svc`, port: postgresPort }
    case 'node-port': {
      const host = access.nodeAddress ?? pod?.status.hostIP
      const port = service.spec.ports[0]?.nodePort
      return host !== undefined && port !== undefined ? { host, port } : null
    }
    case 'load-balancer': {
      const [ingress] = service.status.loadBalancer.ingress
      const host = ingress && named(service.metadata.name, access.dnsZone, ingress)
      return host ? { host, port: postgresPort } : null
    }
    case 'port-forward': {
      const port = Number(service.metadata.annotations?.[forwardPortAnnotation])
      return Number.isInteger(port) ? { host: '127.0.0.1', port } : null
    }
  }
}

/** The DNS label answers once the balancer is there. */
const named = (
  label: string,
  dnsZone: string | undefined,
  { hostname, ip }: { hostname?: string | undefined; ip?: string | undefined },
): string | undefined => (dnsZone === undefined ? (hostname ?? ip) : `${label}.${dnsZone}`)
