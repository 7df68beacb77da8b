import { setTimeout as sleep } from 'node:timers/promises'
import { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } from '@kubernetes/client-node'
import { z } from 'zod'
import { ProviderError } from '../../provider.ts'
import { ApiError, asProviderError, isPassing } from './api-error.ts'
import type { PooledKubeConfig } from './connection.ts'
import { collectionPath, type Kind, type Manifest, objectPath } from './kinds.ts'
import { SeenObject } from './objects.ts'

/** Whose fields are whose is kept by this name. */
export const fieldManager = 'toygres'

/** Milliseconds for one request. */
const requestTimeoutMs = 15_000
/** Milliseconds for which a request is tried again, when the server is away or busy, where the caller does not say. Less than a step has. */
const defaultPatienceMs = 40_000
const firstDelayMs = 50
const longestDelayMs = 2000

/** Objects on one page of a list. */
const pageSize = 500

const json = 'application/json'
const jsonOfMetadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

interface Call {
  readonly signal?: AbortSignal | undefined
}

export interface Applied {
  readonly object: SeenObject
  /** It was not there before. */
  readonly created: boolean
}

/** The few things that we ask of the cluster's API. Each may be asked twice, so each is tried again while that can help. */
export interface ClusterApi {
  readonly namespace: string
  /** The same, for a caller who has this patience with a server that is away; with none named, itself. */
  within(patienceMs: number | undefined): ClusterApi
  /** Asks for something small that we may see. @throws {ProviderError} when that is not to be had */
  ping(call?: Call): Promise<void>
  /** Server-side apply: what we say of an object becomes so, what others say of it stays. */
  apply(manifest: Manifest, call?: Call & { dryRun?: boolean }): Promise<Applied>
  /** Null when it is not there. */
  read(kind: Kind, name: string, call?: Call): Promise<SeenObject | null>
  /** @returns what is still there, on its way out; null when nothing is */
  remove(kind: Kind, name: string, call?: Call & { graceSeconds?: number }): Promise<SeenObject | null>
  /** Every object of a kind in the namespace, page by page. With `metadataOnly`, the server keeps what is in them to itself. */
  list<T>(
    kind: Kind,
    schema: z.ZodType<T>,
    selectors: { labelSelector?: string; fieldSelector?: string },
    call?: Call & { metadataOnly?: boolean },
  ): Promise<{ readonly items: T[]; readonly resourceVersion: string }>
  log(pod: string, query: Record<string, string>, call?: Call): Promise<string>
}

const Page = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().optional() }),
  // Null where nothing is found and only metadata were asked.
  items: z
    .array(z.unknown())
    .nullable()
    .transform((items) => items ?? []),
})

interface Request {
  readonly query?: Record<string, string>
  readonly body?: unknown
  readonly accept?: string
  readonly signal: AbortSignal | undefined
}

interface Answer {
  readonly httpStatus: number
  readonly body: string
}

export function createClusterApi(config: PooledKubeConfig, namespace: string): ClusterApi {
  return apiWith(config, namespace, defaultPatienceMs)
}

function apiWith(config: PooledKubeConfig, namespace: string, patienceMs: number): ClusterApi {
  const http = new IsomorphicFetchHttpLibrary()

  async function once(
    method: HttpMethod,
    path: string,
    { query = {}, body, accept = json, signal }: Request,
  ): Promise<Answer> {
    const url = new URL(`${config.getCurrentCluster()?.server}${path}`)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    const context = new RequestContext(url.href, method)
    context.setHeaderParam('Accept', accept)
    if (body !== undefined) {
      context.setHeaderParam(
        'Content-Type',
        method === HttpMethod.PATCH ? 'application/apply-patch+yaml' : json,
      )
      context.setBody(JSON.stringify(body))
    }
    await config.applySecurityAuthentication(context)
    const timeout = AbortSignal.timeout(requestTimeoutMs)
    context.setSignal(signal ? AbortSignal.any([signal, timeout]) : timeout)
    const response = await http.send(context).toPromise()
    const text = await response.body.text()
    if (response.httpStatusCode >= 300)
      throw new ApiError(response.httpStatusCode, text, response.headers['retry-after'])
    return { httpStatus: response.httpStatusCode, body: text }
  }

  /** @throws {ApiError} where asking again cannot help, {ProviderError} that says who was waited for when patience has run out */
  async function patiently(
    what: string,
    signal: AbortSignal | undefined,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const until = performance.now() + patienceMs
    for (let delay = firstDelayMs; ; delay = Math.min(delay * 2, longestDelayMs)) {
      try {
        return await ask()
      } catch (error) {
        signal?.throwIfAborted()
        if (error instanceof ApiError && !isPassing(error)) throw error
        // Jitter against herds, above what the server asks for: fifty creates meet the same refusal at once.
        const jittered = delay * (0.5 + Math.random() / 2)
        const asked = error instanceof ApiError ? error.retryAfterMs : null
        const wait = asked === null ? jittered : asked + jittered
        if (performance.now() + wait > until) throw unavailable(error, what)
        await sleep(wait, undefined, { ...(signal && { signal }) })
      }
    }
  }

  return {
    namespace,
    within: (ms) => apiWith(config, namespace, ms ?? patienceMs),

    async ping({ signal } = {}) {
      const what = `list StatefulSets in ${namespace}`
      const path = collectionPath('StatefulSet', namespace)
      await refusing(
        patiently(what, signal, () => once(HttpMethod.GET, path, { query: { limit: '1' }, signal })),
        what,
      )
    },

    async apply(manifest, { signal, dryRun = false } = {}) {
      const kind = manifest.kind as Kind
      const query = { fieldManager, force: 'true', ...(dryRun && { dryRun: 'All' }) }
      const path = objectPath(kind, namespace, manifest.metadata.name)
      const { httpStatus, body } = await patiently(`apply ${kind} ${manifest.metadata.name}`, signal, () =>
        once(HttpMethod.PATCH, path, { query, body: manifest, signal }),
      )
      return { object: SeenObject.parse(JSON.parse(body)), created: httpStatus === 201 }
    },

    async read(kind, name, { signal } = {}) {
      const what = `read ${kind} ${name}`
      const path = objectPath(kind, namespace, name)
      const answer = await unlessMissing(
        patiently(what, signal, () => once(HttpMethod.GET, path, { signal })),
        what,
      )
      return answer && SeenObject.parse(JSON.parse(answer.body))
    },

    async remove(kind, name, { signal, graceSeconds } = {}) {
      const what = `delete ${kind} ${name}`
      const options = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(graceSeconds !== undefined && { gracePeriodSeconds: graceSeconds }),
      }
      const path = objectPath(kind, namespace, name)
      const answer = await unlessMissing(
        patiently(what, signal, () => once(HttpMethod.DELETE, path, { body: options, signal })),
        what,
      )
      // A `Status` says that it is gone already; the object itself, that it is on its way out.
      const left = answer && SeenObject.safeParse(JSON.parse(answer.body))
      return left?.success && left.data.metadata.deletionTimestamp !== undefined ? left.data : null
    },

    async list(kind, schema, selectors, { signal, metadataOnly = false } = {}) {
      const what = `list ${kind}`
      const accept = metadataOnly ? jsonOfMetadata : json
      const items = []
      let next: string | undefined
      let resourceVersion = ''
      do {
        const query = { ...selectors, limit: String(pageSize), ...(next !== undefined && { continue: next }) }
        const path = collectionPath(kind, namespace)
        const { body } = await refusing(
          patiently(what, signal, () => once(HttpMethod.GET, path, { query, accept, signal })),
          what,
        )
        const page = Page.parse(JSON.parse(body))
        for (const item of page.items) items.push(schema.parse(item))
        resourceVersion = page.metadata.resourceVersion
        next = page.metadata.continue || undefined
      } while (next !== undefined)
      return { items, resourceVersion }
    },

    async log(pod, query, { signal } = {}) {
      const what = `read the log of Pod ${pod}`
      const path = `${objectPath('Pod', namespace, pod)}/log`
      const answer = await unlessMissing(
        patiently(what, signal, () => once(HttpMethod.GET, path, { query, signal })),
        what,
      )
      return answer?.body ?? ''
    },
  }
}

const refusing = async <T>(work: Promise<T>, what: string): Promise<T> =>
  work.catch((error: unknown) => {
    throw error instanceof ApiError ? asProviderError(error, what) : error
  })

async function unlessMissing<T>(work: Promise<T>, what: string): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 404) return null
    throw error instanceof ApiError ? asProviderError(error, what) : error
  }
}

/** Why it cannot be had, in the words of the provider port. */
export function unavailable(error: unknown, what: string): ProviderError {
  if (error instanceof ProviderError) return error
  if (error instanceof ApiError) return asProviderError(error, what)
  const message = `${what}: the cluster's API does not answer (${reasonOf(error)})`
  return new ProviderError('CLUSTER_UNAVAILABLE', message, { permanent: false, cause: error })
}

/** `fetch failed` is all that the outer error says. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}
