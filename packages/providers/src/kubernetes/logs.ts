import { setTimeout as sleep } from 'node:timers/promises'
import type { LogLine, LogOptions } from '../provider.ts'
import type { KubernetesContext } from './context.ts'
import { containerName } from './manifests/index.ts'

/** Milliseconds between two looks at a log that is followed. */
const lookAgainMs = 1000

/** The lines that the server said, oldest first, placed by the kubelet's time of each; across restarts of the pod. */
export async function* readLog(
  { api }: KubernetesContext,
  pod: string,
  { tailLines, after, follow = false, signal }: LogOptions,
): AsyncGenerator<LogLine, void> {
  let last = after !== undefined && instantOf(after) !== null ? after : ''
  for (;;) {
    const part = last === '' ? { tailLines: String(tailLines) } : { sinceTime: last }
    const text = await api.log(pod, { container: containerName, timestamps: 'true', ...part }, { signal })
    for (const line of text.split('\n')) {
      const [position = '', ...words] = line.split(' ')
      const instant = instantOf(position)
      if (instant === null || instant <= (instantOf(last) ?? -1n)) continue
      last = position
      yield { position, text: words.join(' ') }
    }
    if (!follow) return
    await sleep(lookAgainMs, undefined, { ...(signal && { signal }) })
  }
}

/** Nanoseconds since 1970 of the kubelet's timestamp, which is in the node's own time zone; null for what is none. */
export function instantOf(timestamp: string): bigint | null {
  const [, seconds, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp) ?? []
  if (seconds === undefined || zone === undefined) return null
  const ms = Date.parse(`${seconds}${zone}`)
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

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
