import { randomBytes } from 'node:crypto'
import { CoreV1Api } from '@kubernetes/client-node'
import { PooledKubeConfig } from '@toygres/providers/kubernetes'
import { inject } from 'vitest'

export const newNamespace = (): string => `toygres-test-${randomBytes(4).toString('hex')}`

/** @throws when the run has no cluster: such tests are skipped */
export function theKubeconfig(): string {
  const path = inject('kubeconfig')
  if (path === null) throw new Error('this run has no cluster')
  return path
}

export function configOf(kubeconfig: string): PooledKubeConfig {
  const config = new PooledKubeConfig()
  config.loadFromFile(kubeconfig)
  return config
}

/** What a control plane under test is told: a namespace of its own, and instances so small that two cores bear some. */
export function controlPlaneEnv(namespace: string): NodeJS.ProcessEnv {
  return {
    KUBECONFIG: theKubeconfig(),
    TOYGRES_KUBERNETES_NAMESPACE: namespace,
    TOYGRES_POSTGRES_IMAGE: inject('postgresImage'),
    TOYGRES_KUBERNETES_CPU: '10m',
    TOYGRES_KUBERNETES_MEMORY: '128Mi',
    TOYGRES_KUBERNETES_STORAGE: '100Mi',
  }
}

/** Takes everything in it along; does not wait for that. */
export async function removeNamespace(namespace: string): Promise<void> {
  const config = configOf(theKubeconfig())
  await config
    .makeApiClient(CoreV1Api)
    .deleteNamespace({ name: namespace })
    .catch(() => {})
  await config.close()
}
