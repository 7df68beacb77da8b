import type { Address } from '../provider.ts'
import { judgePod } from './pod-verdict.ts'
import type { SeenInstance } from './seen.ts'
import { gone, starting, type Verdict } from './verdict-type.ts'

/** What an instance's objects amount to. `addressOf` answers null while the instance has none. */
export function verdictOf(seen: SeenInstance, addressOf: (seen: SeenInstance) => Address | null): Verdict {
  const { statefulSet, claim, service, pod } = seen
  const isThere =
    statefulSet ?? claim ?? service ?? pod ?? seen.headlessService ?? seen.secret ?? seen.networkPolicy
  if (!isThere) return { phase: 'absent' }
  if (!claim) return { phase: 'partial', detail: 'its volume claim is not there' }
  if (claim.metadata.deletionTimestamp !== undefined)
    return { phase: 'partial', detail: 'its volume claim is being removed' }
  if (claim.status.phase === 'Lost')
    return { phase: 'failed', code: 'VOLUME_UNAVAILABLE', detail: 'its volume has been lost' }
  const missing = missingOf(seen)
  if (missing !== null)
    return claim.status.phase === 'Bound'
      ? { phase: 'stopped', detail: missing }
      : { phase: 'partial', detail: `${missing}, and its volume has never been used` }
  return pod ? judgeServer(seen, addressOf) : judgeAbsentPod(seen)
}

function missingOf({
  statefulSet,
  service,
  headlessService,
  secret,
  networkPolicy,
}: SeenInstance): string | null {
  if (!statefulSet) return 'its StatefulSet is not there'
  if (statefulSet.metadata.deletionTimestamp !== undefined) return 'its StatefulSet is being removed'
  if (statefulSet.spec.replicas === 0) return 'its StatefulSet is scaled to zero'
  if (!service || !headlessService) return 'a Service of it is not there'
  // Undefined where we looked; null where we did not.
  if (secret === undefined) return 'its Secret is not there'
  if (networkPolicy === undefined) return 'its NetworkPolicy is not there'
  return null
}

function judgeServer(seen: SeenInstance, addressOf: (seen: SeenInstance) => Address | null): Verdict {
  const verdict = judgePod(seen)
  if (verdict !== 'ready') return verdict
  const address = addressOf(seen)
  return address === null
    ? starting('the server runs; its address is not known yet')
    : { phase: 'ready', address }
}

/** The controller of StatefulSets says in a warning why it makes no pod. */
function judgeAbsentPod({ statefulSet, warnings }: SeenInstance): Verdict {
  const refused = warnings.findLast(
    ({ reason, involvedObject }) =>
      reason === 'FailedCreate' && involvedObject.uid === statefulSet?.metadata.uid,
  )
  if (!refused) return gone('its pod is being made')
  const { message } = refused
  if (overQuota.test(message)) return { phase: 'failed', code: 'QUOTA_EXCEEDED', detail: message }
  if (refusedPod.test(message)) return { phase: 'failed', code: 'PERMISSION_DENIED', detail: message }
  return gone(`its pod cannot be made: ${message}`)
}

const overQuota = /exceeded quota|failed quota|forbidden: (maximum|minimum)/
/** Not every `forbidden`: a quota that is not counted yet and an account that is not there yet are called so too. */
const refusedPod = /violates PodSecurity|security context constraint|is invalid/
