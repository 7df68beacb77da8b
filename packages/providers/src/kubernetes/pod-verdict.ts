import type { SeenPod } from './cluster/objects.ts'
import { judgeContainer, orWarning } from './container-verdict.ts'
import type { SeenInstance } from './seen.ts'
import { gone, starting, type Verdict } from './verdict-type.ts'

/** What a provisioner will not take back: it knows no such class, or not its parameters. */
const refusedVolume = /storageclass\S* "[^"]*" not found|code = InvalidArgument/i

/** Why a pod does not serve, and whether waiting can help; `ready` when it does. */
export function judgePod({ pod, claim, warnings }: SeenInstance): Verdict | 'ready' {
  if (!pod) return gone('its pod is being made')
  if (pod.metadata.deletionTimestamp !== undefined) return gone('its pod is being replaced')
  if (pod.status.phase === 'Failed')
    return gone(`its pod was ended: ${pod.status.message ?? pod.status.reason ?? 'nobody says why'}`)
  if (condition(pod, 'Ready')?.status === 'True') return 'ready'
  const unscheduled = condition(pod, 'PodScheduled')
  if (unscheduled?.status === 'False')
    return judgePlacement(unscheduled.message ?? 'no node takes its pod', { claim, warnings })
  const [container] = pod.status.containerStatuses
  return container
    ? judgeContainer(container, { pod, warnings })
    : starting(`its pod is being prepared${orWarning('', pod, warnings)}`)
}

/** A node may come, or room on one: that is waited for. A volume that nobody provides is not. */
function judgePlacement(
  message: string,
  { claim, warnings }: { claim: SeenInstance['claim']; warnings: SeenInstance['warnings'] },
): Verdict {
  if (claim && claim.status.phase !== 'Bound') {
    const refused = warnings.findLast(
      ({ involvedObject, reason }) =>
        involvedObject.uid === claim.metadata.uid && reason === 'ProvisioningFailed',
    )
    if (refused && refusedVolume.test(refused.message))
      return { phase: 'failed', code: 'VOLUME_UNAVAILABLE', detail: refused.message }
    if (refused) return starting(`waiting for a volume: ${refused.message}`)
    if (claim.spec.storageClassName === undefined)
      return {
        phase: 'failed',
        code: 'VOLUME_UNAVAILABLE',
        detail: 'the cluster has no default StorageClass: name one, or make one the default',
      }
  }
  return starting(`waiting for a node: ${message}`)
}

const condition = (pod: SeenPod, type: string) =>
  pod.status.conditions.find((condition) => condition.type === type)
