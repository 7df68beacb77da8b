import type { ContainerStatus, SeenPod } from './cluster/objects.ts'
import type { SeenInstance } from './seen.ts'
import type { Verdict } from './verdict.ts'

/** Restarts after which a server is held to crash for a reason that does not pass by itself. */
const restartsToGiveUp = 2

/** Why a pod does not serve, and whether waiting can help; `ready` when it does. */
export function judgePod({ pod, claim, warnings }: SeenInstance): Verdict | 'ready' {
  if (!pod) return starting('its pod is being made')
  if (pod.metadata.deletionTimestamp !== undefined) return starting('its pod is being replaced')
  if (pod.status.phase === 'Failed')
    return starting(`its pod was ended: ${pod.status.message ?? pod.status.reason ?? 'nobody says why'}`)
  if (condition(pod, 'Ready')?.status === 'True') return 'ready'
  const unscheduled = condition(pod, 'PodScheduled')
  if (unscheduled?.status === 'False')
    return judgePlacement(unscheduled.message ?? 'no node takes its pod', { claim, warnings })
  const [container] = pod.status.containerStatuses
  return container ? judgeContainer(container, { pod, warnings }) : starting('its pod is being prepared')
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
    if (refused && /not found|invalid|forbidden/i.test(refused.message))
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

function judgeContainer(
  container: ContainerStatus,
  { pod, warnings }: { pod: SeenPod; warnings: SeenInstance['warnings'] },
): Verdict {
  const { reason = '', message = '' } = container.state.waiting ?? {}
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageNeverPull':
    case 'InvalidImageName':
    case 'ImageInspectError':
      return judgeImage(reason, whyNoImage(message, pod, warnings))
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return { phase: 'failed', code: 'START_FAILED', detail: `${reason}: ${message}` }
    case 'CrashLoopBackOff':
      return crashed(container)
    default:
      if (container.restartCount >= restartsToGiveUp) return crashed(container)
      if (container.state.running) return starting('the server is starting')
      return starting(reason === '' ? 'its container is being made' : `its container waits: ${reason}`)
  }
}

/** While it backs off, the kubelet says no more than that; the refusal is in an event. */
function whyNoImage(message: string, pod: SeenPod, warnings: SeenInstance['warnings']): string {
  const failed = warnings.findLast(
    ({ involvedObject, message }) =>
      involvedObject.uid === pod.metadata.uid && /Failed to pull image|not present/.test(message),
  )
  return failed?.message ?? message
}

/** What passes by itself: the registry is away, slow, or tired of us. */
const passing =
  /time-?out|timed out|refused|reset|no such host|temporary|too ?many ?requests|429|\b50[0234]\b|EOF|unreachable/i

function judgeImage(reason: string, message: string): Verdict {
  const detail = `${reason}: ${message}`
  const waitingHelps = reason.endsWith('ImagePull') || reason === 'ImagePullBackOff'
  if (waitingHelps && (message === '' || passing.test(message))) return starting(detail)
  return { phase: 'failed', code: 'IMAGE_UNAVAILABLE', detail }
}

function crashed({ lastState, state, restartCount }: ContainerStatus): Verdict {
  const ended = state.terminated ?? lastState.terminated
  const how =
    ended === undefined
      ? ''
      : ended.reason === 'OOMKilled'
        ? ', it was killed for want of memory'
        : `, with exit code ${ended.exitCode}`
  return {
    phase: 'failed',
    code: 'START_FAILED',
    detail: `the server has ended ${restartCount} times${how}`,
    crashed: true,
  }
}

const starting = (detail: string): Verdict => ({ phase: 'starting', detail })

const condition = (pod: SeenPod, type: string) =>
  pod.status.conditions.find((condition) => condition.type === type)
