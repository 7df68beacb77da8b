import type { InstanceProvider } from '@toygres/providers'
import { createLocalProvider } from '@toygres/providers/local'
import { defaultPostgresVersion, type ProviderName } from '@toygres/schema'
import type { Home } from './home.ts'
import { readKubernetesSettings } from './kubernetes-settings.ts'
import { UsageError } from './user-error.ts'

export interface OpenProvider extends AsyncDisposable {
  readonly provider: InstanceProvider
}

export interface ProviderUse {
  readonly home: Home
  /** Id of the control plane that makes instances with it. */
  readonly owner: string
}

/** The only place that picks a provider. */
export async function openProvider(name: ProviderName, { home, owner }: ProviderUse): Promise<OpenProvider> {
  switch (name) {
    case 'local':
      return openLocal(home, owner)
    case 'kubernetes':
      return openKubernetes(owner)
  }
}

function openLocal(home: Home, owner: string): OpenProvider {
  const provider = createLocalProvider({ home: home.path, owner })
  // So that the first create is as fast as the next; one that fails says itself what is wrong.
  const prepared = provider.prepare(defaultPostgresVersion).catch(() => {})
  return {
    provider,
    async [Symbol.asyncDispose]() {
      await prepared
      await provider[Symbol.asyncDispose]()
    },
  }
}

async function openKubernetes(owner: string): Promise<OpenProvider> {
  const settings = readKubernetesSettings(process.env)
  // Its client takes a second and 60 MB to load: who keeps instances on this machine does not pay that.
  const { connectCluster, contradictionIn, createKubernetesProvider } =
    await import('@toygres/providers/kubernetes')
  const { config, access } = await connectCluster(settings.credentials)
  const { mode = access, ...accessOptions } = settings.access
  const instances = { ...settings.instances, owner, access: { mode, ...accessOptions } }
  const contradiction = contradictionIn(instances)
  if (contradiction !== null) throw new UsageError(contradiction)
  const provider = createKubernetesProvider({ cluster: config, instances })
  return { provider, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() }
}
