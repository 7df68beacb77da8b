import type { InstanceRef } from '../provider.ts'
import { type Kind, named } from './cluster/kinds.ts'
import { SeenObject } from './cluster/objects.ts'
import type { KubernetesContext } from './context.ts'
import { namesOf } from './manifests/index.ts'

/** Milliseconds to wait for what is on its way out; the caller may come back. */
const patienceMs = 20_000
/** Milliseconds after which an object is asked for although no event told of its end. */
const safetyMs = 5000
/** Seconds: what the server would write on a slower way out is about to be deleted. */
const graceSeconds = 1

interface Left {
  readonly kind: Kind
  readonly name: string
  readonly uid: string
}

/** Deletes each object of the instance, whether or not others are there; waits for all at once, and names those that are left. */
export async function removeObjects(
  context: KubernetesContext,
  instance: InstanceRef,
  signal?: AbortSignal,
): Promise<string[]> {
  const { api, reach } = context
  const names = namesOf(instance)
  let left: Left[] = []
  const remove = async (kind: Kind, name: string, options: { graceSeconds?: number } = {}) => {
    const object = await api.remove(kind, name, { signal, ...options })
    if (object) left.push({ kind, name, uid: object.metadata.uid })
  }
  await reach('remove.begun')
  await remove('StatefulSet', names.base)
  await reach('remove.stateful-set-deleted')
  await remove('Pod', names.pod, { graceSeconds })
  await reach('remove.pod-deleted')
  await remove('Service', names.base)
  await reach('remove.client-service-deleted')
  await remove('Service', names.headlessService)
  await reach('remove.headless-service-deleted')
  await remove('NetworkPolicy', names.base)
  await reach('remove.network-policy-deleted')
  await remove('PersistentVolumeClaim', names.base)
  await reach('remove.volume-claim-deleted')
  await remove('Secret', names.base)
  await reach('remove.secret-deleted')

  const until = performance.now() + patienceMs
  left = await waitUntilGone(context, instance, left, until, signal)
  if (left.length > 0) return left.map(nameOf)
  // The controller may have been about to make a pod when its StatefulSet went.
  await remove('Pod', names.pod, { graceSeconds })
  return (await waitUntilGone(context, instance, left, until, signal)).map(nameOf)
}

/** @returns what is still there when patience ran out */
async function waitUntilGone(
  context: KubernetesContext,
  { id }: InstanceRef,
  pending: readonly Left[],
  until: number,
  signal: AbortSignal | undefined,
): Promise<Left[]> {
  if (pending.length === 0) return []
  const view = context.view()
  let left = [...pending]
  let change = nextChange(context, id)
  let askAll = false
  await Promise.race([view.synced(signal), change.within(safetyMs)])
  for (;;) {
    const still = await Promise.all(
      left.map(async (object) =>
        !askAll && view.has(id, object.uid) ? true : isThere(context, object, signal),
      ),
    )
    left = left.filter((_, i) => still[i])
    const rest = until - performance.now()
    if (left.length === 0 || rest <= 0) return left
    askAll = (await change.within(Math.min(safetyMs, rest))) === 'late'
    signal?.throwIfAborted()
    change = nextChange(context, id)
  }
}

async function isThere(
  { api }: KubernetesContext,
  { kind, name, uid }: Left,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { items } = await api.list(
    kind,
    SeenObject,
    { fieldSelector: named(name) },
    { signal, metadataOnly: true },
  )
  return items.some(({ metadata }) => metadata.uid === uid)
}

/** Listens from now on, so that no change between two looks is missed. */
function nextChange({ changed }: KubernetesContext, id: string) {
  const { promise, resolve } = Promise.withResolvers<'changed'>()
  const subscription = changed.subscribe((of) => {
    if (of === id) resolve('changed')
  })
  return {
    within: async (ms: number): Promise<'changed' | 'late'> => {
      let timer
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), ms)
      })
      try {
        return await Promise.race([promise, late])
      } finally {
        clearTimeout(timer)
        subscription[Symbol.dispose]()
      }
    },
  }
}

const nameOf = ({ kind, name }: Left): string => `${kind} ${name}`
