import { expect, test } from 'vitest'
import { SeenClaim, SeenEvent, SeenObject, SeenPod, SeenService, SeenStatefulSet } from './cluster/objects.ts'
import type { SeenInstance } from './seen.ts'
import { verdictOf } from './verdict.ts'

const named = (name: string) => ({ metadata: { name, uid: `uid-of-${name}` } })
const warning = (about: string, reason: string, message: string) =>
  SeenEvent.parse({ ...named('warning'), involvedObject: { uid: `uid-of-${about}` }, reason, message })

const whole: SeenInstance = {
  statefulSet: SeenStatefulSet.parse({ ...named('set'), spec: {} }),
  claim: SeenClaim.parse({ ...named('claim'), spec: {}, status: { phase: 'Bound' } }),
  service: SeenService.parse({ ...named('service'), spec: {} }),
  headlessService: SeenService.parse({ ...named('service-pod'), spec: {} }),
  secret: SeenObject.parse(named('secret')),
  networkPolicy: SeenObject.parse(named('policy')),
  warnings: [],
}
const judge = (seen: Partial<SeenInstance>) =>
  verdictOf({ ...whole, ...seen }, () => ({ host: '10.0.0.1', port: 5432 }))

const podRefused = (message: string) => judge({ warnings: [warning('set', 'FailedCreate', message)] })
const pod = (container: object) =>
  SeenPod.parse({ ...named('pod'), status: { containerStatuses: [container] } })
const waits = (reason: string, message = '') =>
  judge({ pod: pod({ state: { waiting: { reason, message } } }) })
const unbound = SeenClaim.parse({
  ...named('claim'),
  spec: { storageClassName: 'fast' },
  status: { phase: 'Pending' },
})
const unplaced = SeenPod.parse({
  ...named('pod'),
  status: { conditions: [{ type: 'PodScheduled', status: 'False', message: 'unbound' }] },
})
const unprovided = (message: string) =>
  judge({ claim: unbound, pod: unplaced, warnings: [warning('claim', 'ProvisioningFailed', message)] })

test.for([
  'pods "pg-0" is forbidden: status unknown for quota: small, resources: pods',
  'pods "pg-0" is forbidden: error looking up service account toygres/default: serviceaccount "default" not found',
  'pods "pg-0" is forbidden: not yet ready to handle request',
  'Internal error occurred: failed calling webhook "guard.example"',
])('a pod that is not made now and may be soon is waited for: %s', (message) => {
  expect(podRefused(message)).toEqual({
    phase: 'starting',
    detail: expect.stringContaining(message),
    isGone: true,
  })
})

test.for([
  ['QUOTA_EXCEEDED', 'pods "pg-0" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2'],
  ['QUOTA_EXCEEDED', 'pods "pg-0" is forbidden: failed quota: small: must specify limits.cpu'],
  ['QUOTA_EXCEEDED', 'pods "pg-0" is forbidden: maximum memory usage per Container is 64Mi'],
  ['PERMISSION_DENIED', 'pods "pg-0" is forbidden: violates PodSecurity "restricted:latest"'],
  ['PERMISSION_DENIED', 'Pod "pg-0" is invalid: spec.containers[0].image'],
])('a pod that will never be made is %s: %s', ([code, message = '']) => {
  expect(podRefused(message)).toEqual({ phase: 'failed', code, detail: message })
})

test.for([
  ['ErrImagePull', 'pull QPS exceeded'],
  [
    'ErrImagePull',
    'failed to resolve reference "r.example/pg:18": unexpected status: 503 Service Unavailable',
  ],
  ['ErrImagePull', 'toomanyrequests: You have reached your unauthenticated pull rate limit'],
  ['ErrImagePull', 'dial tcp: lookup not-found.example: no such host'],
  ['ErrImagePull', 'write /var/lib/containerd/x: no space left on device'],
  ['ImagePullBackOff', 'Back-off pulling image "postgres:18"'],
  ['ImageInspectError', 'Failed to inspect image "postgres:18": rpc error: code = DeadlineExceeded'],
  ['CreateContainerConfigError', 'failed to sync secret cache: timed out waiting for the condition'],
  ['CreateContainerConfigError', 'services have not yet been read at least once, cannot construct envvars'],
  ['CreateContainerError', 'context deadline exceeded'],
  ['CreateContainerError', 'failed to reserve container name "postgres_pg-0": name is reserved for "1f"'],
  ['RunContainerError', 'failed to create shim task: OCI runtime create failed: timed out'],
])('a container that the kubelet tries again is waited for: %s, %s', ([reason = '', message]) => {
  expect(waits(reason, message)).toMatchObject({
    phase: 'starting',
    detail: expect.stringContaining(reason),
  })
})

test.for([
  ['IMAGE_UNAVAILABLE', 'ErrImagePull', 'docker.io/library/nothing:18: not found'],
  ['IMAGE_UNAVAILABLE', 'ErrImagePull', 'pull access denied, repository does not exist'],
  ['IMAGE_UNAVAILABLE', 'ImagePullBackOff', 'Back-off pulling image: unexpected status: 401 Unauthorized'],
  ['IMAGE_UNAVAILABLE', 'ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never'],
  ['IMAGE_UNAVAILABLE', 'InvalidImageName', 'couldn\'t parse image name "UPPER"'],
  ['START_FAILED', 'CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'],
  ['START_FAILED', 'RunContainerError', 'exec: "postgres": executable file not found in $PATH'],
])('a container that can never start is %s: %s, %s', ([code, reason = '', message]) => {
  expect(waits(reason, message)).toMatchObject({ phase: 'failed', code })
})

test('what the kubelet says of an image now counts, not what it said before', () => {
  const now = 'Back-off pulling image "pg:18": ErrImagePull: pg:18: 503 Service Unavailable'
  const seen = {
    pod: pod({ state: { waiting: { reason: 'ImagePullBackOff', message: now } } }),
    warnings: [warning('pod', 'Failed', 'Failed to pull image "pg:18": pg:18: not found')],
  }
  expect(judge(seen)).toEqual({ phase: 'starting', detail: `ImagePullBackOff: ${now}` })
})

test('a volume that a busy cloud does not give now is waited for, one of a class that is not there is not', () => {
  const busy = 'rpc error: code = Unavailable desc = the subscription is busy: forbidden for now'
  expect(unprovided(busy)).toEqual({ phase: 'starting', detail: `waiting for a volume: ${busy}` })
  expect(unprovided('storageclass.storage.k8s.io "fast" not found')).toMatchObject({
    phase: 'failed',
    code: 'VOLUME_UNAVAILABLE',
  })
})

const life = (startedAt: string, finishedAt: string) => ({
  terminated: { exitCode: 1, startedAt: `2026-11-29T${startedAt}Z`, finishedAt: `2026-11-29T${finishedAt}Z` },
})

test('a server that ends again and again as it starts has failed', () => {
  const crashing = { restartCount: 2, lastState: life('10:00:00', '10:00:01') }
  expect(judge({ pod: pod({ ...crashing, state: { running: {} } }) })).toMatchObject({
    phase: 'failed',
    code: 'START_FAILED',
    crashed: true,
  })
  expect(judge({ pod: pod({ restartCount: 2, state: life('10:00:00', '10:00:01') }) })).toMatchObject({
    phase: 'failed',
  })
})

test('a server that has ended twice is given another start, however long the kubelet waits with it; none runs until then', () => {
  const backingOff = {
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: life('10:00:00', '10:00:01'),
  }
  expect(judge({ pod: pod({ ...backingOff, restartCount: 1 }) })).toEqual({
    phase: 'starting',
    detail: 'the server has ended 2 times, with exit code 1, and is started again',
    isGone: true,
  })
  expect(judge({ pod: pod({ ...backingOff, restartCount: 2 }) })).toMatchObject({
    phase: 'failed',
    code: 'START_FAILED',
    detail: 'the server has ended 3 times, with exit code 1',
  })
})

test.for([
  ['FailedAttachVolume', 'Multi-Attach error for volume "pvc-1": volume is already used by pod(s) pg-9'],
  ['FailedMount', 'MountVolume.SetUp failed for volume "pvc-1": timed out'],
  ['FailedCreatePodSandBox', 'failed to set up sandbox: no IP addresses available'],
])(
  'a container that is not made yet says what the cluster last warned of: %s',
  ([reason = '', message = '']) => {
    const warnings = [
      warning('pod', reason, message),
      warning('pod', 'FailedScheduling', '0/1 nodes are available'),
      warning('claim', 'ProvisioningFailed', 'of another object'),
    ]
    for (const waiting of ['ContainerCreating', 'PodInitializing'])
      expect(judge({ pod: pod({ state: { waiting: { reason: waiting } } }), warnings })).toEqual({
        phase: 'starting',
        detail: `its container waits: ${waiting}: ${message}`,
      })
    // The kubelet has not told of the container at all.
    const bare = SeenPod.parse({ ...named('pod'), status: {} })
    expect(judge({ pod: bare, warnings })).toEqual({
      phase: 'starting',
      detail: `its pod is being prepared: ${message}`,
    })
  },
)

test('restarts of long ago do not condemn a server that starts again, or is not ready for a moment', () => {
  const lived = { restartCount: 7, lastState: life('01:00:00', '10:00:00'), state: { running: {} } }
  expect(judge({ pod: pod(lived) })).toMatchObject({ phase: 'starting' })
  const answered = { ...lived, lastState: life('10:00:00', '10:00:01'), started: true }
  expect(judge({ pod: pod(answered) })).toMatchObject({ phase: 'starting' })
  // Its node went: nobody knows when it ended.
  const lost = { ...lived, lastState: { terminated: { exitCode: 137, startedAt: null, finishedAt: null } } }
  expect(judge({ pod: pod(lost) })).toMatchObject({ phase: 'starting' })
})
