import { homedir } from 'node:os'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { ProviderError } from '../provider.ts'
import { type AksCluster, connectAks } from './aks.ts'
import { PooledKubeConfig } from './cluster/connection.ts'
import type { AccessMode } from './options.ts'

export interface Credentials {
  /** Of the kubeconfig; by default its current one. */
  readonly context?: string
  /** Instead of a kubeconfig. */
  readonly aks?: AksCluster
}

export interface ConnectedCluster {
  readonly config: PooledKubeConfig
  /** How a control plane that runs where we do best reaches instances. */
  readonly access: AccessMode
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * The cluster of the kubeconfig (`KUBECONFIG`, else `~/.kube/config`); within a cluster, that one by its service account.
 * `podRoot` is for tests: where the files of a pod begin.
 * @throws {ProviderError} CREDENTIALS_REFUSED when there is neither, or it names no cluster
 */
export async function connectCluster(
  { context, aks }: Credentials = {},
  podRoot = '',
): Promise<ConnectedCluster> {
  const isInCluster = existsSync(`${podRoot}${serviceAccount}`)
  if (aks) return { config: await connectAks(aks), access: isInCluster ? 'cluster' : 'port-forward' }
  const config = new PooledKubeConfig()
  const given = process.env['KUBECONFIG']
  if (given || existsSync(join(homedir(), '.kube', 'config'))) {
    loadKubeconfig(config, context)
    return { config, access: accessFor(config) }
  }
  if (isInCluster) {
    config.loadFromCluster(podRoot)
    return { config, access: 'cluster' }
  }
  throw refused('there is no kubeconfig: set KUBECONFIG, or write ~/.kube/config')
}

function loadKubeconfig(config: PooledKubeConfig, context: string | undefined): void {
  try {
    config.loadFromDefault()
  } catch (cause) {
    throw refused(
      `the kubeconfig cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    )
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null)
      throw refused(`the kubeconfig has no context ${context}: "kubectl config get-contexts" lists them`)
    config.setCurrentContext(context)
  }
  if (config.getCurrentCluster() === null)
    throw refused('the kubeconfig has no current context: choose one with "kubectl config use-context"')
}

/** A kind cluster's nodes are containers of this machine, which Linux can reach; any other cluster we may reach by its API only. */
function accessFor(config: PooledKubeConfig): AccessMode {
  const isKind = config.getCurrentContext().startsWith('kind-')
  return isKind && process.platform === 'linux' ? 'node-port' : 'port-forward'
}

const refused = (message: string, cause?: unknown): ProviderError =>
  new ProviderError('CREDENTIALS_REFUSED', message, { permanent: true, cause })
