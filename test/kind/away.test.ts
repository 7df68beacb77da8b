import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ask } from '../harness/domain/index.ts'
import {
  configOf,
  controlPlaneEnv,
  newNamespace,
  removeNamespace,
  theKubeconfig,
} from '../harness/kind/cluster.ts'
import { type ApiServerProxy, startApiServerProxy } from '../harness/kind/api-server-proxy.ts'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

// One after the other: they share the line that is cut.
describe.skipIf(inject('kubeconfig') === null)(
  'operations while the API server is away',
  { concurrent: false },
  () => {
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

    /** Until the step says that it waits for the API server. */
    async function untilTold(operationId: string, step: string) {
      const toygres = await plane.sdk()
      await expect
        .poll(
          async () => (await toygres.operations.get(operationId)).steps.find(({ name }) => name === step),
          { timeout: 20_000 },
        )
        .toMatchObject({
          state: 'waiting',
          attempt: 1,
          waitingFor: expect.stringMatching(/API does not answer/),
        })
    }

    test('a create that it leaves half-made waits, says so, and goes on once it is back', async () => {
      const toygres = await plane.sdk()
      let cut = false
      proxy.spoil(({ method, path }) => {
        if (cut || method !== 'PATCH' || !path.includes('/statefulsets/')) return null
        cut = true
        setImmediate(() => proxy.down())
        return 'cut-before'
      })
      const { operation } = await toygres.instances.create({ name: 'orders' })
      await untilTold(operation.id, 'deploy')
      expect((await toygres.system.status()).providerError).toMatchObject({ code: 'CLUSTER_UNAVAILABLE' })
      proxy.up()
      await operation.wait()
      expect((await toygres.system.status()).providerError).toBeNull()
      const { connectionString } = await toygres.instances.connection('orders')
      expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
    })

    test('a delete likewise', async () => {
      const toygres = await plane.sdk()
      proxy.down()
      const { operation } = await toygres.instances.delete('orders')
      await untilTold(operation.id, 'remove')
      proxy.up()
      await operation.wait()
    })
  },
)
