import { text } from 'node:stream/consumers'
import type { InstanceSpec } from '@toygres/providers'
import type { Verb } from './describe-provider.ts'
import {
  PooledKubeConfig,
  createKubernetesProvider,
  type InstanceOptions,
} from '@toygres/providers/kubernetes'

/** One call of a verb, as it comes in on stdin. */
export interface KubernetesCall {
  readonly kubeconfig: string
  readonly options: InstanceOptions
  readonly verb: Verb
  readonly spec: InstanceSpec
  readonly crashAt: string | undefined
}

const { kubeconfig, options, verb, spec, crashAt } = JSON.parse(await text(process.stdin)) as KubernetesCall
const cluster = new PooledKubeConfig()
cluster.loadFromFile(kubeconfig)
const provider = createKubernetesProvider({
  cluster,
  instances: options,
  reach: (point) => {
    // Nothing after it runs in this process, not even a `finally`.
    if (point === crashAt) process.kill(process.pid, 'SIGKILL')
  },
})
await provider[verb](spec)
await provider[Symbol.asyncDispose]()
