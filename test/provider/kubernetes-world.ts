import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import {
  AppsV1Api,
  CoreV1Api,
  NetworkingV1Api,
  type KubeConfig,
  type V1ObjectMeta,
} from '@kubernetes/client-node'
import type { InstanceRef } from '@toygres/providers'
import {
  createKubernetesProvider,
  defaultInstanceOptions,
  type InstanceOptions,
  type KubernetesProvider,
} from '@toygres/providers/kubernetes'
import { inject } from 'vitest'
import { configOf, newNamespace, theKubeconfig } from '../harness/kind/cluster.ts'
import { restrictedAccount } from '../harness/kind/service-account.ts'
import type { ProviderWorld } from './describe-provider.ts'
import type { KubernetesCall } from './kubernetes-process.ts'

export interface KubernetesWorld extends ProviderWorld {
  readonly provider: KubernetesProvider
  readonly namespace: string
  readonly kubeconfig: string
  readonly options: InstanceOptions
  /** Around the provider: with the library's own calls. */
  readonly core: CoreV1Api
  readonly apps: AppsV1Api
  podOf(instance: InstanceRef): string
}

export interface WorldOptions {
  readonly kubeconfig?: string
  readonly options?: Partial<InstanceOptions>
  readonly namespace?: string
}

/** How small an instance can be: the node has two cores for everything. */
export function smallInstances(namespace: string, given: Partial<InstanceOptions> = {}): InstanceOptions {
  return {
    ...defaultInstanceOptions,
    namespace,
    access: { mode: 'node-port' },
    image: { name: inject('postgresImage'), pullPolicy: 'IfNotPresent', pullSecrets: [] },
    resources: { cpuRequest: '10m', memory: '128Mi' },
    storage: { size: '100Mi' },
    ...given,
  }
}

/** A provider on a namespace of its own, as the account that we tell users to make: it needs no other right. */
export async function enterKubernetesWorld(given: WorldOptions = {}): Promise<KubernetesWorld> {
  const { namespace = newNamespace() } = given
  await using cleanup = new AsyncDisposableStack()
  const kubeconfig = given.kubeconfig ?? cleanup.use(await restrictedAccount(namespace)).kubeconfig
  const options = smallInstances(namespace, { owner: randomUUID(), ...given.options })
  const direct = configOf(theKubeconfig())
  const core = direct.makeApiClient(CoreV1Api)
  const apps = direct.makeApiClient(AppsV1Api)
  const providerOf = (instances: InstanceOptions) =>
    createKubernetesProvider({ cluster: configOf(kubeconfig), instances })
  const provider = providerOf(options)
  const podOf = ({ id, name }: InstanceRef) => `pg-${name}-${id.slice(-8)}-0`
  const everything = cleanup.move()
  return {
    provider,
    namespace,
    kubeconfig,
    options,
    core,
    apps,
    podOf,
    another: () => providerOf({ ...options, owner: randomUUID() }),
    elsewhere: (verb, spec, crashAt) => callElsewhere({ kubeconfig, options, verb, spec, crashAt }),
    traces: (instance) => tracesOf(direct, namespace, instance),
    killServer: async (instance) => {
      await core.deleteNamespacedPod({ name: podOf(instance), namespace, gracePeriodSeconds: 0 })
    },
    [Symbol.asyncDispose]: async () => {
      await provider[Symbol.asyncDispose]()
      await core.deleteNamespace({ name: namespace }).catch(() => {})
      await direct.close()
      await everything.disposeAsync()
    },
  }
}

async function callElsewhere(call: KubernetesCall): Promise<'done' | 'killed'> {
  const program = fileURLToPath(new URL('kubernetes-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=toygres-source', program], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
  child.stdin.end(JSON.stringify(call))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  if (signal === 'SIGKILL') return 'killed'
  if (code === 0) return 'done'
  throw new Error(`${call.verb} elsewhere ended with ${code ?? signal}: ${await said}`)
}

/** Everything in the namespace that names the instance, and the volumes that were claimed for it. */
async function tracesOf(config: KubeConfig, namespace: string, { id, name }: InstanceRef): Promise<string[]> {
  const core = config.makeApiClient(CoreV1Api)
  const apps = config.makeApiClient(AppsV1Api)
  const lists = await Promise.all([
    core.listNamespacedSecret({ namespace }),
    core.listNamespacedPersistentVolumeClaim({ namespace }),
    core.listNamespacedService({ namespace }),
    core.listNamespacedPod({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    config.makeApiClient(NetworkingV1Api).listNamespacedNetworkPolicy({ namespace }),
  ])
  const isOurs = ({ name: objectName = '', labels = {} }: V1ObjectMeta) =>
    Object.values(labels).includes(id) || objectName.startsWith(`pg-${name}-${id.slice(-8)}`)
  return lists.flatMap(({ items }) =>
    (items as { metadata?: V1ObjectMeta }[])
      .filter(({ metadata = {} }) => isOurs(metadata))
      .map(({ metadata, constructor }) => `${constructor.name} ${metadata?.name}`),
  )
}
