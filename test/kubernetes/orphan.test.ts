import { createKubernetesProvider, defaultInstanceOptions } from '@toygres/providers/kubernetes'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { clusterWith, type Stored } from './cluster-double.ts'

test('an instance is listed, and removed, by the name that its objects were made with, whatever their labels say', async () => {
  const id = newId()
  const base = `pg-nobodys-${id.slice(-8)}`
  const [core, apps, networking] = ['/api/v1', '/apis/apps/v1', '/apis/networking.k8s.io/v1']
  const object = (root: string, kind: string, name = base): Stored => ({
    collection: `${root}/namespaces/toygres/${kind}`,
    metadata: {
      name,
      uid: newId(),
      labels: {
        'app.kubernetes.io/managed-by': 'toygres',
        'toygres.io/instance-id': id,
        'toygres.io/instance-name': 'renamed',
      },
    },
    spec: {},
  })
  await using double = await clusterWith([
    object(apps, 'statefulsets'),
    object(core, 'pods', `${base}-0`),
    object(core, 'persistentvolumeclaims'),
    object(core, 'services'),
    object(core, 'services', `${base}-pod`),
    object(core, 'secrets'),
    object(networking, 'networkpolicies'),
  ])
  await using provider = createKubernetesProvider({
    cluster: double.cluster,
    instances: defaultInstanceOptions,
  })
  const [found, ...others] = await provider.list()
  expect(others).toEqual([])
  expect(found).toMatchObject({ id, name: 'nobodys' })
  if (found) expect(await provider.remove(found)).toEqual([])
  expect(double.names()).toEqual([])
  expect(await provider.list()).toEqual([])
})
