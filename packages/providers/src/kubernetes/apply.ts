import { ProviderError } from '../provider.ts'
import { ApiError, asProviderError } from './cluster/api-error.ts'
import type { Applied } from './cluster/api.ts'
import type { Manifest } from './cluster/kinds.ts'
import type { KubernetesContext } from './context.ts'
import { namespaceManifest } from './manifests/index.ts'

/** Makes an object of an instance what its manifest says, and the namespace first where it is not there. */
export async function apply(
  { api, options }: KubernetesContext,
  manifest: Manifest,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const what = `apply ${manifest.kind} ${manifest.metadata.name}`
  try {
    const applied = await applyInNamespace()
    if (applied.object.metadata.deletionTimestamp === undefined) return applied
  } catch (error) {
    throw error instanceof ApiError ? asProviderError(error, what) : error
  }
  throw new ProviderError('BEING_REMOVED', `${what}: the old one is still being removed`, {
    permanent: false,
  })

  async function applyInNamespace(): Promise<Applied> {
    try {
      return await api.apply(manifest, { signal })
    } catch (error) {
      if (!(error instanceof ApiError) || error.httpStatus !== 404) throw error
      await api.apply(namespaceManifest(options.namespace), { signal }).catch((refused: unknown) => {
        throw refused instanceof ApiError
          ? asProviderError(refused, `make the namespace ${options.namespace}`)
          : refused
      })
      return api.apply(manifest, { signal })
    }
  }
}
