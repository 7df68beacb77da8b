import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  configOf,
  controlPlaneEnv,
  newNamespace,
  removeNamespace,
  theKubeconfig,
} from '../harness/kind/cluster.ts'
import { type ApiServerProxy, startApiServerProxy } from '../harness/kind/api-server-proxy.ts'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

const atOnce = 10
const mostPerInstance = 25

describe.skipIf(inject('kubeconfig') === null)('what creates ask of the API server', () => {
  const namespace = newNamespace()
  let proxy: ApiServerProxy
  let plane: TestControlPlane
  beforeAll(async () => {
    proxy = await startApiServerProxy(configOf(theKubeconfig()))
    plane = await startControlPlane({
      args: ['--provider', 'kubernetes'],
      env: { ...controlPlaneEnv(namespace), KUBECONFIG: proxy.kubeconfig },
    })
  })
  afterAll(async () => {
    await plane?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
    await removeNamespace(namespace)
  })

  test(`is at most ${mostPerInstance} requests for an instance, of ${atOnce} at once`, async () => {
    const toygres = await plane.sdk()
    proxy.forget()
    const names = Array.from({ length: atOnce }, (_, i) => `burst-${i}`)
    await Promise.all(names.map(async (name) => (await toygres.instances.create({ name })).operation.wait()))
    const asked = proxy.requests.filter(({ isWatch }) => !isWatch)
    expect(asked.length / atOnce).toBeLessThanOrEqual(mostPerInstance)
    // Each has at least its six objects applied: the proxy did see them.
    expect(asked.length / atOnce).toBeGreaterThanOrEqual(6)
  })
})
