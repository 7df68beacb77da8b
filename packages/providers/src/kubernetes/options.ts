/**
 * How clients reach an instance, and so which address it has:
 * - `cluster`: by the DNS name of its Service, from within the cluster only;
 * - `node-port`: by a port on the cluster's nodes;
 * - `load-balancer`: by a load balancer of its own, which the cloud makes;
 * - `port-forward`: by a port on the loopback address of the control plane's machine, tunnelled through the API server.
 */
export const accessModes = ['cluster', 'node-port', 'load-balancer', 'port-forward'] as const
export type AccessMode = (typeof accessModes)[number]

export interface AccessOptions {
  readonly mode: AccessMode
  /** `node-port`: a name or an address that leads to the nodes; by default that of the node the server runs on. */
  readonly nodeAddress?: string
  /** From where clients may come, as CIDR ranges; by default from anywhere. */
  readonly allowedRanges?: readonly string[]
  /** `load-balancer`: reachable from the virtual network only. */
  readonly internal?: boolean
  /** `load-balancer` on Azure: where the DNS label of an instance becomes a name, as `westeurope.cloudapp.azure.com`. */
  readonly dnsZone?: string
}

export interface ImageOptions {
  /** `{major}` stands for the major version. */
  readonly name: string
  readonly pullPolicy: 'Always' | 'IfNotPresent' | 'Never'
  /** Names of Secrets in the namespace. */
  readonly pullSecrets: readonly string[]
}

/** In Kubernetes' own notation. Memory is both request and limit: a database must not live on borrowed memory. */
export interface Resources {
  readonly cpuRequest: string
  readonly memory: string
}

export interface StorageOptions {
  readonly size: string
  /** By default that of the cluster. */
  readonly className?: string
}

/** What instances on a cluster are made like. */
export interface InstanceOptions {
  /** Made when it is not there, where that is allowed. */
  readonly namespace: string
  /** Id of the control plane whose instances these are, written on their objects. Without one, nothing is marked, and nothing is another's. */
  readonly owner?: string
  readonly access: AccessOptions
  readonly image: ImageOptions
  readonly resources: Resources
  readonly storage: StorageOptions
}

export const defaultInstanceOptions: InstanceOptions = {
  namespace: 'toygres',
  access: { mode: 'cluster' },
  image: { name: 'postgres:{major}', pullPolicy: 'IfNotPresent', pullSecrets: [] },
  resources: { cpuRequest: '100m', memory: '512Mi' },
  storage: { size: '10Gi' },
}

/** What is asked for and would be left undone, or would not work together; null where nothing is. For who sets it, to be told at once. */
export function contradictionIn({ access, image }: InstanceOptions): string | null {
  const { mode, nodeAddress, allowedRanges, internal, dnsZone } = access
  const isOpen = mode === 'node-port' || mode === 'load-balancer'
  if (allowedRanges !== undefined && !isOpen)
    return `allowed ranges count for access by node-port and load-balancer only, not by ${mode}`
  if (nodeAddress !== undefined && mode !== 'node-port')
    return `a node address counts for access by node-port only, not by ${mode}`
  if ((internal || dnsZone !== undefined) && mode !== 'load-balancer')
    return `an internal address and a DNS zone count for access by load-balancer only, not by ${mode}`
  if (internal && dnsZone !== undefined)
    return 'a DNS zone names public addresses: an internal load balancer has none, so choose one of the two'
  if (!image.name.includes('{major}'))
    return `the image ${image.name} would be every version of PostgreSQL: write {major} where its name has the version`
  return null
}
