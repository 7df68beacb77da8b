import type { V1Secret } from '@kubernetes/client-node'
import type { Manifest } from '../cluster/kinds.ts'
import type { ManifestContext } from './context.ts'

export const passwordKey = 'password'

/** The only place in the cluster that holds the password; the server reads it from a file. */
export function secretManifest({ names, metadata }: ManifestContext, password: string): Manifest<V1Secret> {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata(names.base),
    type: 'Opaque',
    data: { [passwordKey]: Buffer.from(password).toString('base64') },
  }
}
