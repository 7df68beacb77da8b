import type { AccessMode, Credentials, InstanceOptions } from '@toygres/providers/kubernetes'
import { z } from 'zod'
import { UsageError } from './user-error.ts'

export interface KubernetesSettings {
  readonly credentials: Credentials
  readonly instances: Omit<InstanceOptions, 'access'>
  /** Without a mode, what fits where the control plane runs. */
  readonly access: Partial<InstanceOptions['access']>
}

const list = z.string().transform((text) => text.split(',').map((item) => item.trim()))
const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'takes lower-case letters, digits and "-"')
const cidr = z.union(
  [z.cidrv4(), z.cidrv6()],
  'takes ranges such as 203.0.113.0/24, with commas between them',
)
const memory = z.string().regex(/^\d+(\.\d+)?([kMGT]|[KMGT]i)?$/, 'takes an amount such as 512Mi or 2Gi')
const accessModes = ['cluster', 'node-port', 'load-balancer', 'port-forward'] as const satisfies AccessMode[]

const Environment = z.object({
  TOYGRES_KUBERNETES_CONTEXT: z.string().min(1).optional(),
  TOYGRES_AKS_CLUSTER: z
    .string()
    .startsWith('/subscriptions/', 'takes the resource id of a cluster')
    .optional(),
  TOYGRES_AKS_ENDPOINT: z.url('takes the URL of a resource manager').optional(),
  TOYGRES_KUBERNETES_NAMESPACE: dnsLabel.max(63).default('toygres'),
  TOYGRES_KUBERNETES_ACCESS: z.enum(accessModes, `takes one of ${accessModes.join(', ')}`).optional(),
  TOYGRES_KUBERNETES_NODE_ADDRESS: z.string().min(1).optional(),
  TOYGRES_KUBERNETES_ALLOWED_RANGES: list.pipe(z.array(cidr).min(1)).optional(),
  TOYGRES_KUBERNETES_INTERNAL: z.stringbool('takes true or false').optional(),
  TOYGRES_KUBERNETES_DNS_ZONE: z.string().min(1).optional(),
  TOYGRES_KUBERNETES_STORAGE_CLASS: z.string().min(1).optional(),
  TOYGRES_KUBERNETES_STORAGE: memory.default('10Gi'),
  TOYGRES_KUBERNETES_MEMORY: memory.default('512Mi'),
  TOYGRES_KUBERNETES_CPU: z
    .string()
    .regex(/^\d+(\.\d+)?m?$/, 'takes a number of cores, or of thousandths such as 100m')
    .default('100m'),
  TOYGRES_POSTGRES_IMAGE: z.string().min(1).default('postgres:{major}'),
  TOYGRES_POSTGRES_IMAGE_PULL_POLICY: z
    .enum(['Always', 'IfNotPresent', 'Never'], 'takes Always, IfNotPresent or Never')
    .default('IfNotPresent'),
  TOYGRES_POSTGRES_IMAGE_PULL_SECRETS: list.pipe(z.array(dnsLabel)).default([]),
})

/** @throws {UsageError} naming everything that is wrong, at once */
export function readKubernetesSettings(env: NodeJS.ProcessEnv): KubernetesSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = Environment.safeParse(given)
  if (!read.success)
    throw new UsageError(
      read.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`).join('; '),
    )
  const from = read.data
  return {
    credentials: defined({
      context: from.TOYGRES_KUBERNETES_CONTEXT,
      aks:
        from.TOYGRES_AKS_CLUSTER === undefined
          ? undefined
          : { resourceId: from.TOYGRES_AKS_CLUSTER, ...defined({ endpoint: from.TOYGRES_AKS_ENDPOINT }) },
    }),
    access: defined({
      mode: from.TOYGRES_KUBERNETES_ACCESS,
      nodeAddress: from.TOYGRES_KUBERNETES_NODE_ADDRESS,
      allowedRanges: from.TOYGRES_KUBERNETES_ALLOWED_RANGES,
      internal: from.TOYGRES_KUBERNETES_INTERNAL,
      dnsZone: from.TOYGRES_KUBERNETES_DNS_ZONE,
    }),
    instances: {
      namespace: from.TOYGRES_KUBERNETES_NAMESPACE,
      image: {
        name: from.TOYGRES_POSTGRES_IMAGE,
        pullPolicy: from.TOYGRES_POSTGRES_IMAGE_PULL_POLICY,
        pullSecrets: from.TOYGRES_POSTGRES_IMAGE_PULL_SECRETS,
      },
      resources: { cpuRequest: from.TOYGRES_KUBERNETES_CPU, memory: from.TOYGRES_KUBERNETES_MEMORY },
      storage: {
        size: from.TOYGRES_KUBERNETES_STORAGE,
        ...defined({ className: from.TOYGRES_KUBERNETES_STORAGE_CLASS }),
      },
    },
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what is undefined, so that a default further down counts. */
const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
