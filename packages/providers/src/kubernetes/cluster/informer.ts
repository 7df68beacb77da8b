import { setTimeout as sleep } from 'node:timers/promises'
import { type KubernetesObject, ListWatch } from '@kubernetes/client-node'
import type { z } from 'zod'
import type { ProviderError } from '../../provider.ts'
import { type ClusterApi, unavailable } from './api.ts'
import type { PooledKubeConfig } from './connection.ts'
import { collectionPath, type Kind } from './kinds.ts'
import type { SeenObject } from './objects.ts'
import { ToldWatch } from './told-watch.ts'

export interface InformerOptions<T> {
  readonly kind: Kind
  readonly schema: z.ZodType<T>
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly onChange: (object: T, isThere: boolean) => void
}

export interface Trouble {
  readonly error: ProviderError
  /** By `performance.now()`: since when it has been this kind of error. */
  readonly since: number
}

export interface Informer {
  /** Once the first list is in. */
  readonly synced: Promise<void>
  /** Why we are not told of changes now; null when we are. */
  trouble(): Trouble | null
  stop(): Promise<void>
}

const firstDelayMs = 100
const longestDelayMs = 2000

/**
 * Lists all objects of a kind once and is told of every change from then on. The library reconnects from where it was after 30 s of
 * silence, so a connection that died unnoticed is found out, and lists anew when the server has forgotten where that was (410).
 */
export function startInformer<T extends SeenObject>(
  config: PooledKubeConfig,
  api: ClusterApi,
  { kind, schema, labelSelector, fieldSelector, onChange }: InformerOptions<T>,
): Informer {
  const closing = new AbortController()
  const { promise: synced, resolve: onSynced } = Promise.withResolvers<void>()
  const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) }
  let failures = 0
  let trouble: Trouble | null = null
  const watched = new ListWatch<KubernetesObject>(
    collectionPath(kind, api.namespace),
    new ToldWatch(config, () => {
      failures = 0
      trouble = null
    }),
    async () => {
      const { items, resourceVersion } = await api.list(kind, schema, selectors, { signal: closing.signal })
      // The library takes the items up in a microtask.
      setImmediate(onSynced)
      return { apiVersion: '', kind: '', metadata: { resourceVersion }, items: items.map(asListed) }
    },
    false,
    labelSelector,
    fieldSelector,
  )

  const told = (isThere: boolean) => (raw: KubernetesObject) => {
    const parsed = schema.safeParse(raw)
    if (!parsed.success) return
    shrinkTo(raw, parsed.data)
    onChange(parsed.data, isThere)
  }
  watched.on('add', told(true))
  watched.on('update', told(true))
  watched.on('delete', told(false))

  const restart = async () => {
    const delay = Math.min(firstDelayMs * 2 ** failures++, longestDelayMs)
    await sleep(delay, undefined, { signal: closing.signal, ref: false })
    await watched.start()
  }
  const goOn = (why: unknown) => {
    // Stopping is told as an error too.
    if (closing.signal.aborted) return
    const error = unavailable(why, `watch ${kind}`)
    trouble = { error, since: trouble?.error.code === error.code ? trouble.since : performance.now() }
    restart().catch(goOn)
  }
  watched.on('error', goOn)
  watched.start().catch(goOn)
  return {
    synced,
    trouble: () => trouble,
    stop: async () => {
      closing.abort()
      await watched.stop()
    },
  }
}

/** Its types have dates where JSON, and so the library's own watch, has text. */
const asListed = (object: SeenObject): KubernetesObject => object as unknown as KubernetesObject

/** The library keeps the object that it was sent, at ten times the size of what we read of it. */
function shrinkTo(raw: object, read: object): void {
  for (const key of Object.keys(raw)) if (!(key in read)) Reflect.deleteProperty(raw, key)
  Object.assign(raw, read)
}
