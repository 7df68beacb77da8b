import {
  AppsV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from '@kubernetes/client-node'
import type { PooledKubeConfig } from '@toygres/providers/kubernetes'
import type { Toygres } from '@toygres/sdk'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { ask } from '../harness/domain/index.ts'
import {
  configOf,
  controlPlaneEnv,
  newNamespace,
  removeNamespace,
  theKubeconfig,
} from '../harness/kind/cluster.ts'
import { until } from '../harness/until.ts'

/** Edits are seen by a pass, and resolved by another: each comes twice a minute. */
const passesMs = 150_000

describe.skipIf(inject('kubeconfig') === null)(
  'what somebody edits on a cluster',
  { concurrent: false },
  () => {
    const namespace = newNamespace()
    let cluster: PooledKubeConfig
    let plane: TestControlPlane
    let toygres: Toygres
    let url: string
    let base: string
    beforeAll(async () => {
      cluster = configOf(theKubeconfig())
      plane = await startControlPlane({ args: ['--provider', 'kubernetes'], env: controlPlaneEnv(namespace) })
      toygres = await plane.sdk()
      const { instance, operation } = await toygres.instances.create({ name: 'edited' })
      await operation.wait()
      base = `pg-edited-${instance.id.slice(-8)}`
      url = (await toygres.instances.connection('edited')).connectionString
      await ask(url, 'create table kept as select 42 as answer')
    })
    afterAll(async () => {
      await plane?.[Symbol.asyncDispose]()
      await cluster?.close()
      await removeNamespace(namespace)
    })

    /** As `kubectl edit` does: by another field manager than ours. */
    async function edit(object: KubernetesObject & Record<string, unknown>): Promise<void> {
      const foreign = { ...object, metadata: { name: base, namespace } }
      await KubernetesObjectApi.makeApiClient(cluster).patch(
        foreign,
        undefined,
        undefined,
        'somebody',
        undefined,
        PatchStrategy.StrategicMergePatch,
      )
    }

    const driftRows = async () =>
      (await toygres.drift.list({ instance: 'edited', includeResolved: true, limit: 50 })).items
    const systemRepaired = async (operationId: string | null | undefined) =>
      expect(await toygres.operations.get(operationId ?? '')).toMatchObject({
        workflow: 'start-instance',
        requestedBy: 'system',
        state: 'succeeded',
      })

    test('in its Service and its Secret is seen, and put back by an operation of the system', async () => {
      const core = cluster.makeApiClient(CoreV1Api)
      const read = async () => ({
        ports: (await core.readNamespacedService({ name: base, namespace })).spec?.ports,
        data: (await core.readNamespacedSecret({ name: base, namespace })).data,
      })
      const before = await read()
      await edit({ apiVersion: 'v1', kind: 'Secret', stringData: { password: 'of-somebody-else' } })
      // Nobody gets in any more: not the health checks, nor the provider when it knocks.
      await edit({ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 5432, targetPort: 6543 }] } })
      expect(await read()).not.toEqual(before)
      await until(async () => {
        const rows = await driftRows()
        const seen = JSON.stringify(rows)
        const both = seen.includes(`of Secret ${base}`) && seen.includes(`of Service ${base}`)
        return both && rows.every(({ resolvedAt }) => resolvedAt !== null)
      }, passesMs)
      const rows = await driftRows()
      expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['spec-changed']))
      expect(JSON.stringify(rows)).not.toContain('of-somebody-else')
      await systemRepaired(rows[0]?.operationId)
      expect(await read()).toEqual(before)
      expect(await ask(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    })

    test('in the image of its StatefulSet is put back, and the server comes back with its data', async () => {
      const apps = cluster.makeApiClient(AppsV1Api)
      const container = async () =>
        (await apps.readNamespacedStatefulSet({ name: base, namespace })).spec?.template.spec?.containers[0]
      const before = await container()
      const known = (await driftRows()).length
      await edit({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        spec: {
          template: { spec: { containers: [{ name: before?.name, image: 'somebody.invalid/else:18' }] } },
        },
      })
      await until(async () => {
        const rows = await driftRows()
        return rows.length > known && rows.every(({ resolvedAt }) => resolvedAt !== null)
      }, passesMs)
      await systemRepaired((await driftRows())[0]?.operationId)
      expect((await container())?.image).toBe(before?.image)
      expect(await ask(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    })
  },
)
