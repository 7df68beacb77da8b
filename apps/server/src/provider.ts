import type { InstanceProvider } from '@toygres/providers'
import { createLocalProvider } from '@toygres/providers/local'
import type { ProviderName } from '@toygres/schema'
import type { Home } from './home.ts'

/** The only place that picks a provider. */
export function createProvider(name: Extract<ProviderName, 'local'>, home: Home): InstanceProvider {
  switch (name) {
    case 'local':
      return createLocalProvider({ home: home.path })
  }
}
