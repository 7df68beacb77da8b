import type { AccessToken, TokenCredential } from '@azure/identity'
import { z } from 'zod'
import { ProviderError } from '../provider.ts'
import { PooledKubeConfig } from './cluster/connection.ts'

export interface AksCluster {
  /** `/subscriptions/.../resourceGroups/.../providers/Microsoft.ContainerService/managedClusters/...` */
  readonly resourceId: string
  /** Of Azure's resource manager, where it is not that of the public cloud. */
  readonly endpoint?: string
}

/** What an API server of AKS with Entra ID takes tokens for, in every cloud and tenant. */
const aksScope = '6dae42f8-4368-4678-94ff-3960e28e3630/.default'
const authProvider = 'toygres-azure'

const ResourceId = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+$/i,
  )

/**
 * The cluster's own kubeconfig, asked of Azure as whoever `DefaultAzureCredential` finds: a managed identity, a workload identity,
 * the environment or the Azure CLI. Where the cluster wants Entra ID, each request carries a token of the same identity, and no `kubelogin` is needed.
 * @throws {ProviderError} CREDENTIALS_REFUSED
 */
export async function connectAks({ resourceId, endpoint }: AksCluster): Promise<PooledKubeConfig> {
  if (!ResourceId.safeParse(resourceId).success)
    throw refused(`${resourceId} is no id of an AKS cluster: "az aks show --query id" prints it`)
  const [, , subscription = '', , resourceGroup = '', , , , name = ''] = resourceId.split('/')
  // Only who is on Azure loads these.
  const [{ DefaultAzureCredential }, { ContainerServiceClient }] = await Promise.all([
    import('@azure/identity'),
    import('@azure/arm-containerservice'),
  ])
  const credential = new DefaultAzureCredential()
  const client = new ContainerServiceClient(
    credential,
    subscription,
    endpoint === undefined ? {} : { endpoint },
  )
  const text = await client.managedClusters
    .listClusterUserCredentials(resourceGroup, name)
    .then(({ kubeconfigs }) => kubeconfigs?.[0]?.value)
    .catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw refused(`Azure does not hand out the credentials of ${name}: ${why}`, cause)
    })
  if (!text) throw refused(`Azure knows no kubeconfig for ${name}`)
  const config = new PooledKubeConfig()
  config.loadFromString(Buffer.from(text).toString('utf8'))
  useTokens(config, keptToken(credential))
  return config
}

/** Milliseconds before its end from which a token is asked for anew. */
const renewalMs = 300_000

/** One for all requests: some credentials keep none themselves, and that of `az login` starts a process each time it is asked. */
function keptToken(credential: TokenCredential): () => Promise<string> {
  let kept: AccessToken | null = null
  let asking: Promise<AccessToken | null> | null = null
  return async () => {
    if (kept !== null && kept.expiresOnTimestamp - Date.now() > renewalMs) return kept.token
    asking ??= credential.getToken(aksScope).finally(() => (asking = null))
    try {
      kept = await asking
    } catch (error) {
      // The old one is good until its end.
      if (kept === null || kept.expiresOnTimestamp <= Date.now()) throw error
    }
    if (kept === null) throw refused('Azure gives no token for the cluster')
    return kept.token
  }
}

/** In the place of the program that the kubeconfig of a cluster with Entra ID would run. */
function useTokens(config: PooledKubeConfig, token: () => Promise<string>): void {
  const user = config.getCurrentUser()
  if (!user?.exec) return
  config.users = config.users.map((other) =>
    other.name === user.name ? { name: user.name, authProvider: { name: authProvider, config: {} } } : other,
  )
  config.addAuthenticator({
    isAuthProvider: (user) => user.authProvider?.name === authProvider,
    applyAuthentication: async (_, options) => {
      options.headers = Object.assign({}, options.headers, { Authorization: `Bearer ${await token()}` })
    },
  })
}

const refused = (message: string, cause?: unknown): ProviderError =>
  new ProviderError('CREDENTIALS_REFUSED', message, { permanent: true, cause })
