import { changes } from '../changes.ts'
import type { InstanceProvider } from '../provider.ts'
import { startForwards, type Forwards } from './access/forwards.ts'
import { createClusterApi } from './cluster/api.ts'
import type { PooledKubeConfig } from './cluster/connection.ts'
import type { KubernetesContext } from './context.ts'
import type { Reach } from './crash-points.ts'
import { ensureObjects } from './ensure.ts'
import { listObjects } from './list.ts'
import { readLog } from './logs.ts'
import { namesOf } from './manifests/index.ts'
import { observeObjects } from './observe.ts'
import type { InstanceOptions } from './options.ts'
import { removeObjects } from './remove.ts'
import { standingStill } from './standing-still.ts'
import { stopInstance } from './stop.ts'
import { type ClusterView, startView } from './view.ts'

export interface KubernetesProviderOptions {
  readonly cluster: PooledKubeConfig
  readonly instances: InstanceOptions
  /** For tests: see `kubernetesCrashPoints`. */
  readonly reach?: Reach
}

export interface KubernetesProvider extends InstanceProvider, AsyncDisposable {
  /** Ends the watches and the forwarded ports. Instances run on. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Instances as pods of a Kubernetes cluster. Any number of these may work on one namespace. */
export function createKubernetesProvider({
  cluster,
  instances: options,
  reach = () => {},
}: KubernetesProviderOptions): KubernetesProvider {
  const api = createClusterApi(cluster, options.namespace)
  const changed = changes()
  let started: ClusterView | null = null
  const view = () => (started ??= startView(cluster, api, changed))
  const forwards: Forwards | null =
    options.access.mode === 'port-forward' ? startForwards(cluster, api, view, changed) : null
  const context: KubernetesContext = {
    api,
    options,
    changed,
    reach,
    forwardPorts: forwards,
    standsStill: standingStill(),
    view,
  }
  const within = (patienceMs: number | undefined): KubernetesContext => ({
    ...context,
    api: api.within(patienceMs),
  })

  return {
    name: 'kubernetes',
    operationsAtOnce: 200,
    async ensure(spec, { signal, patienceMs } = {}) {
      signal?.throwIfAborted()
      await ensureObjects(within(patienceMs), spec, signal)
    },
    stop: (instance, { signal, patienceMs } = {}) => stopInstance(within(patienceMs), instance, signal),
    remove: (instance, { signal, patienceMs } = {}) => removeObjects(within(patienceMs), instance, signal),
    observe: (instance, options) => observeObjects(within(options?.patienceMs), instance, options),
    list: ({ signal, patienceMs } = {}) => listObjects(within(patienceMs), signal),
    check: ({ signal, patienceMs } = {}) => api.within(patienceMs).ping({ signal }),
    logs: (instance, options) => readLog(context, namesOf(instance).pod, options),
    async watch(onChange) {
      view()
      const subscription = changed.subscribe(onChange)
      return { [Symbol.asyncDispose]: async () => subscription[Symbol.dispose]() }
    },
    async [Symbol.asyncDispose]() {
      await forwards?.[Symbol.asyncDispose]()
      await started?.stop()
      await cluster.close()
    },
  }
}
