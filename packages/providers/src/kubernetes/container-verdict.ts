import type { ContainerStatus, SeenPod } from './cluster/objects.ts'
import type { SeenInstance } from './seen.ts'
import { gone, starting, type Verdict } from './verdict-type.ts'

/** Restarts after which a server is held to crash for a reason that does not pass by itself. */
const restartsToGiveUp = 2
/** Milliseconds of running after which an end was no failed start; the kubelet, too, begins its count anew after as long. */
const soundLifeMs = 600_000

/** Why a container does not serve, and whether waiting can help: the kubelet tries everything again. */
export function judgeContainer(
  container: ContainerStatus,
  { pod, warnings }: { pod: SeenPod; warnings: SeenInstance['warnings'] },
): Verdict {
  const { reason = '', message = '' } = container.state.waiting ?? {}
  switch (reason) {
    case 'ErrImageNeverPull':
    case 'InvalidImageName':
      return { phase: 'failed', code: 'IMAGE_UNAVAILABLE', detail: `${reason}: ${message}` }
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return judgePull(reason, whyNoImage(message, pod, warnings))
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return judgeMaking(`${reason}: ${message}`)
    default:
      if (failsToStart(container)) return crashed(container)
      if (reason === 'CrashLoopBackOff') return gone(`${endsOf(container)}, and is started again`)
      if (container.state.running) return starting('the server is starting')
      if (reason === '') return starting('its container is being made')
      return starting(`its container waits: ${reason}${orWarning(message, pod, warnings)}`)
  }
}

/** `: ` and why. Of a volume, a mount or a network that does not come the kubelet says nothing but by warnings. */
export function orWarning(message: string, pod: SeenPod, warnings: SeenInstance['warnings']): string {
  // That no node took it is over once there is a container.
  const last = warnings.findLast(
    ({ involvedObject, reason }) => involvedObject.uid === pod.metadata.uid && reason !== 'FailedScheduling',
  )
  const why = message || last?.message
  return why ? `: ${why}` : ''
}

/** Older kubelets say no more than that while they back off; the refusal is in an event then. */
const saysNothing = /^(Back-off pulling image "[^"]*")?$/

function whyNoImage(message: string, pod: SeenPod, warnings: SeenInstance['warnings']): string {
  if (!saysNothing.test(message)) return message
  const failed = warnings.findLast(
    ({ involvedObject, message }) =>
      involvedObject.uid === pod.metadata.uid && message.includes('Failed to pull image'),
  )
  return failed?.message ?? message
}

/** What a registry says of an image that it does not have, or not for us. */
const refusedImage =
  /not found|does not exist|denied|unauthorized|forbidden|unknown|invalid reference|no match for platform/i
/** What passes by itself, also where its words are like those of a refusal: the registry is away, slow, or tired of us. */
const passing =
  /time-?out|timed out|refused|reset|no such host|temporary|too ?many ?requests|429|\b50[0234]\b|EOF|unreachable|QPS/i

function judgePull(reason: string, message: string): Verdict {
  const detail = `${reason}: ${message}`
  return refusedImage.test(message) && !passing.test(message)
    ? { phase: 'failed', code: 'IMAGE_UNAVAILABLE', detail }
    : starting(detail)
}

/** What is wrong with the image itself; everything else is a runtime or a node in trouble. */
const unfitImage = /runAsNonRoot|no command specified|executable file not found/

const judgeMaking = (detail: string): Verdict =>
  unfitImage.test(detail) ? { phase: 'failed', code: 'START_FAILED', detail } : starting(detail)

/** Restarts add up over the life of a pod: only a server that ended soon after its last start, and has not answered since, counts. */
function failsToStart({ restartCount, started, state, lastState }: ContainerStatus): boolean {
  if (restartCount < restartsToGiveUp || started) return false
  const { startedAt, finishedAt } = state.terminated ?? lastState.terminated ?? {}
  // Nobody knows when it ended whose node went: that comparison fails.
  return Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '') < soundLifeMs
}

const crashed = (container: ContainerStatus): Verdict => ({
  phase: 'failed',
  code: 'START_FAILED',
  detail: endsOf(container),
  crashed: true,
})

function endsOf({ lastState, state, restartCount }: ContainerStatus): string {
  const ended = state.terminated ?? lastState.terminated
  const how =
    ended === undefined
      ? ''
      : ended.reason === 'OOMKilled'
        ? ', it was killed for want of memory'
        : `, with exit code ${ended.exitCode}`
  // The kubelet counts the starts after the first: one that waits, or has ended, has ended once more than that.
  const ends = state.running ? restartCount : restartCount + 1
  return `the server has ended ${ends === 1 ? 'once' : `${ends} times`}${how}`
}
