import type { InstanceProvider } from '@toygres/providers'
import { createLocalProvider } from '@toygres/providers/local'
import { defaultPostgresVersion, type ProviderName } from '@toygres/schema'
import type { Home } from './home.ts'

export interface OpenProvider extends AsyncDisposable {
  readonly provider: InstanceProvider
}

/** The only place that picks a provider. */
export function openProvider(name: Extract<ProviderName, 'local'>, home: Home): OpenProvider {
  switch (name) {
    case 'local': {
      const provider = createLocalProvider({ home: home.path })
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
  }
}
