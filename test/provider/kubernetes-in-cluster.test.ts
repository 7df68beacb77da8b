import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectCluster, createKubernetesProvider } from '@toygres/providers/kubernetes'
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import { configOf, newNamespace } from '../harness/kind/cluster.ts'
import { restrictedAccount } from '../harness/kind/service-account.ts'
import { enterKubernetesWorld } from './kubernetes-world.ts'

/** The files that Kubernetes puts into a pod, and the environment that leads to the API server. */
async function enterPod(kubeconfig: string, root: string): Promise<void> {
  const account = configOf(kubeconfig)
  const server = new URL(account.getCurrentCluster()?.server ?? '')
  const directory = join(root, 'var/run/secrets/kubernetes.io/serviceaccount')
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'token'), account.getCurrentUser()?.token ?? '', { mode: 0o600 })
  await writeFile(join(directory, 'ca.crt'), Buffer.from(account.getCurrentCluster()?.caData ?? '', 'base64'))
  vi.stubEnv('KUBERNETES_SERVICE_HOST', server.hostname)
  vi.stubEnv('KUBERNETES_SERVICE_PORT', server.port)
  vi.stubEnv('KUBECONFIG', '')
  vi.stubEnv('HOME', root)
}

describe.skipIf(inject('kubeconfig') === null)('within a cluster', () => {
  afterEach(() => void vi.unstubAllEnvs())

  test('the service account of the pod is who asks, and instances are reached by their DNS names', async () => {
    const namespace = newNamespace()
    await using account = await restrictedAccount(namespace)
    await using world = await enterKubernetesWorld({ namespace, kubeconfig: account.kubeconfig })
    const root = await mkdtemp(join(tmpdir(), 'toygres-pod-'))
    try {
      await enterPod(account.kubeconfig, root)
      const { config, access } = await connectCluster({}, root)
      expect(access).toBe('cluster')
      await using provider = createKubernetesProvider({ cluster: config, instances: world.options })
      await provider.check?.()
      expect(await provider.list()).toEqual([])
    } finally {
      await rm(root, { recursive: true })
    }
  })
})
