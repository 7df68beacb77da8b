import { kubernetesCrashPoints } from '@toygres/providers/kubernetes'
import { describe, inject } from 'vitest'
import { describeProvider } from './describe-provider.ts'
import { enterKubernetesWorld } from './kubernetes-world.ts'

describe.skipIf(inject('kubeconfig') === null)('on a cluster', () => {
  describeProvider('kubernetes', { crashPoints: kubernetesCrashPoints, enter: enterKubernetesWorld })
})
