import type { KubernetesContext } from './context.ts'
import { containerName } from './manifests/index.ts'

/** The last lines that the server said, oldest first; with `previous`, those of the one before it, which crashed. */
export async function lastLines(
  { api }: KubernetesContext,
  pod: string,
  {
    tailLines,
    previous = false,
    signal,
  }: { tailLines: number; previous?: boolean; signal?: AbortSignal | undefined },
): Promise<string[]> {
  const query = { container: containerName, tailLines: String(tailLines) }
  const read = (query: Record<string, string>) => api.log(pod, query, { signal })
  // The kubelet keeps no log of the one before for ever.
  const text = previous
    ? await read({ ...query, previous: 'true' }).catch(() => read(query))
    : await read(query)
  return text.split('\n').filter((line) => line !== '')
}
