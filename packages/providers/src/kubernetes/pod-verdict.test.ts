import { expect, test } from 'vitest'
import { SeenClaim, SeenPod, SeenService, SeenStatefulSet } from './cluster/objects.ts'
import { verdictOf } from './verdict.ts'

const named = (name: string) => ({ metadata: { name, uid: `uid-of-${name}` } })

const withPod = (pod: object | null) =>
  verdictOf(
    {
      statefulSet: SeenStatefulSet.parse({ ...named('set'), spec: {} }),
      claim: SeenClaim.parse({ ...named('claim'), spec: {}, status: { phase: 'Bound' } }),
      service: SeenService.parse({ ...named('service'), spec: {} }),
      headlessService: SeenService.parse({ ...named('service-pod'), spec: {} }),
      secret: null,
      networkPolicy: null,
      warnings: [],
      ...(pod && { pod: SeenPod.parse({ ...named('pod'), ...pod }) }),
    },
    () => ({ host: '10.0.0.1', port: 5432 }),
  )

test.for([
  ['is not there', null],
  [
    'is being replaced',
    { metadata: { name: 'pod', uid: 'uid-of-pod', deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ],
  ['was ended', { status: { phase: 'Failed', reason: 'Evicted' } }],
] as const)('a pod that %s is known to be gone', ([, pod]) => {
  expect(withPod(pod)).toMatchObject({ phase: 'starting', isGone: true })
})

test('a pod that is there and not ready may be answering', () => {
  const container = { name: 'postgres', restartCount: 0, state: { running: {} } }
  expect(withPod({ status: { containerStatuses: [container] } })).toEqual({
    phase: 'starting',
    detail: 'the server is starting',
  })
})
