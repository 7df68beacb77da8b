import { type CallOptions, type InstanceMark, type Observation, ProviderError } from '../provider.ts'
import { addressOf } from './access/address.ts'
import { knock } from './access/knock.ts'
import type { Trouble } from './cluster/informer.ts'
import type { KubernetesContext } from './context.ts'
import { readInstances } from './list.ts'
import { lastLines } from './logs.ts'
import { idLabel, namesOf } from './manifests/index.ts'
import { nothingSeen, type SeenInstance } from './seen.ts'
import type { Verdict } from './verdict-type.ts'
import { verdictOf } from './verdict.ts'

/** Milliseconds for the first lists, before an answer is given up. */
const syncTimeoutMs = 20_000
/** Milliseconds for which a refusal to let us watch must last: an API server that has just started knows no roles yet. */
const settledMs = 3000
/** Lines of a crashed server's log that are worth telling. */
const linesToTell = 5

/**
 * From our picture of the cluster where it says that all goes well; a bad verdict is confirmed by looking, since the picture may be
 * a moment old and an operation ends by it, and so is, now and then, that there is something to wait for.
 */
export async function observeObjects(
  context: KubernetesContext,
  instance: InstanceMark,
  { signal, patienceMs = syncTimeoutMs }: CallOptions = {},
): Promise<Observation> {
  await untilSynced(context, Math.min(patienceMs, syncTimeoutMs), signal)
  const judge = (seen: SeenInstance): Verdict => verdictOf(seen, (seen) => addressOf(context.options, seen))
  const pictured = context.view().of(instance.id)
  const verdict = judge(pictured)
  if (goesWell(verdict) && !(verdict.phase === 'starting' && context.standsStill(pictured)))
    return withTrouble(context, await knock(context, pictured, verdict, signal))
  const seen = await look(context, instance, signal)
  const found = judge(seen)
  return goesWell(found)
    ? withTrouble(context, await knock(context, seen, found, signal))
    : withLastLines(context, found, seen, signal)
}

const goesWell = ({ phase }: Verdict): boolean => phase === 'ready' || phase === 'starting'

async function untilSynced(
  context: KubernetesContext,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    await context.view().synced(signal ? AbortSignal.any([signal, timeout]) : timeout)
  } catch (error) {
    if (!timeout.aborted) throw error
    const trouble = context.view().trouble()
    if (trouble && (isSettled(trouble) || !trouble.error.permanent)) throw trouble.error
    // A list that is still being asked for: says why, that nobody answers or that we may not look.
    await context.api.within(0).ping({ signal })
    throw new ProviderError('CLUSTER_UNAVAILABLE', "the cluster's API does not list its objects", {
      permanent: false,
      cause: error,
    })
  }
}

/** Said for so long that it is no moment of a start, in which an API server knows its roles not yet. */
const isSettled = ({ error, since }: Trouble): boolean =>
  error.permanent && performance.now() - since > settledMs

/** The picture is old while nobody answers, or while we may not watch: what we wait for may have come long ago. */
function withTrouble(context: KubernetesContext, seen: Observation): Observation {
  const trouble = context.view().trouble()
  if (seen.phase !== 'starting' || trouble === null) return seen
  if (isSettled(trouble)) throw trouble.error
  return { ...seen, detail: `${seen.detail}; ${trouble.error.message}` }
}

async function look(
  context: KubernetesContext,
  { id, name }: InstanceMark,
  signal: AbortSignal | undefined,
): Promise<SeenInstance> {
  const names = name === undefined ? undefined : namesOf({ id, name })
  const found = await readInstances(context, { labelSelector: `${idLabel}=${id}`, names }, signal)
  return found.get(id)?.seen ?? nothingSeen()
}

async function withLastLines(
  context: KubernetesContext,
  { crashed, ...verdict }: Verdict,
  { pod }: SeenInstance,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  if (!crashed || verdict.phase !== 'failed' || !pod) return verdict
  // Of the run before one that has ended too, the kubelet may say no more than that it cannot say anything.
  const previous = pod.status.containerStatuses[0]?.state.terminated === undefined
  const lines = await lastLines(context, pod.metadata.name, { tailLines: linesToTell, previous, signal })
  return lines.length === 0
    ? verdict
    : { ...verdict, detail: `${verdict.detail}; the last it said: ${lines.join(' | ')}` }
}
