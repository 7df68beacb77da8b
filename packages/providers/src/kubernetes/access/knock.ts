import { setTimeout as sleep } from 'node:timers/promises'
import { probe } from '@toygres/local-postgres'
import type { Observation } from '../../provider.ts'
import type { KubernetesContext } from '../context.ts'
import type { SeenInstance } from '../seen.ts'
import { addressOf } from './address.ts'

/** Milliseconds that a server which is about to take logins is waited for, and between two tries. */
const patienceMs = 2000
const pauseMs = 50
/** Milliseconds that a busy cluster may take to lead an address to a server that is ready. */
const routeMs = 10_000
const probeTimeoutMs = 1000

/**
 * An open port is not a server that takes logins: for a moment after its start it turns everybody away. So it is asked, once in the life of its
 * pod at an address; and sooner than the kubelet's next probe would tell of it. Of one that cannot be reached
 * from here, the kubelet's word is taken.
 */
export async function knock(
  context: KubernetesContext,
  seen: SeenInstance,
  verdict: Observation,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const { pod } = seen
  const address = addressOf(context.options, seen)
  if (!pod || address === null || !isRunning(seen)) return verdict
  const isReady = verdict.phase === 'ready'
  if (isReady && context.view().isConfirmed(pod, address)) return verdict
  // The names of a cluster's DNS mean nothing outside of it, however long one asks.
  const mayComeLate = isReady && context.options.access.mode !== 'cluster'
  const until = performance.now() + (mayComeLate ? routeMs : patienceMs)
  for (;;) {
    const said = await probe(address.port, { host: address.host, timeoutMs: probeTimeoutMs, signal })
    const isLate = performance.now() > until
    if (said === 'accepting' || (said === 'silent' && isReady && isLate)) {
      context.view().confirm(pod, address)
      return { phase: 'ready', address }
    }
    if (isLate)
      return isReady ? { phase: 'starting', detail: 'the server does not take logins yet' } : verdict
    await sleep(pauseMs, undefined, signal && { signal })
  }
}

/** A server that was found to take logins before the kubelet says so. */
export function knownToAnswer(context: KubernetesContext, seen: SeenInstance): Observation | null {
  const address = addressOf(context.options, seen)
  return seen.pod && address && isRunning(seen) && context.view().isConfirmed(seen.pod, address)
    ? { phase: 'ready', address }
    : null
}

const isRunning = ({ pod }: SeenInstance): boolean =>
  pod?.metadata.deletionTimestamp === undefined &&
  pod?.status.containerStatuses[0]?.state.running !== undefined
