import { KubernetesObjectApi, NetworkingV1Api, PatchStrategy } from '@kubernetes/client-node'
import type { InstanceSpec, Observation } from '@toygres/providers'
import {
  accessModes,
  createKubernetesProvider,
  manifestsOf,
  type InstanceOptions,
} from '@toygres/providers/kubernetes'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { configOf, theKubeconfig } from '../harness/kind/cluster.ts'
import { type Cordon, cordonNodes } from '../harness/kind/cordon.ts'
import { runInPod } from '../harness/kind/run-in-pod.ts'
import { enterKubernetesWorld, type KubernetesWorld } from './kubernetes-world.ts'
import { logIn } from './log-in.ts'
import { newInstance } from './new-instance.ts'

const hasNone = inject('kubeconfig') === null

/** Waits for what the provider tells, as a step that is woken does. */
async function untilSeen(
  { provider }: Pick<KubernetesWorld, 'provider'>,
  spec: InstanceSpec,
  wanted: (seen: Observation) => boolean,
): Promise<Observation> {
  return vi.waitFor(
    async () => {
      const seen = await provider.observe(spec)
      if (!wanted(seen)) throw new Error(JSON.stringify(seen))
      return seen
    },
    { timeout: 90_000, interval: 50 },
  )
}

const isReady = ({ phase }: Observation) => phase === 'ready'
const hasFailed = ({ phase }: Observation) => phase === 'failed'
const waitsFor = (words: RegExp) => (seen: Observation) =>
  seen.phase === 'starting' && words.test(seen.detail)

async function addressOf(world: Pick<KubernetesWorld, 'provider'>, spec: InstanceSpec) {
  const seen = await untilSeen(world, spec, isReady)
  if (seen.phase !== 'ready') throw new Error(seen.phase)
  return seen.address
}

describe.skipIf(hasNone)('an instance that cannot be made says why', () => {
  let world: KubernetesWorld
  beforeAll(async () => {
    world = await enterKubernetesWorld()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  /** A provider on the same namespace whose instances are made otherwise. */
  function otherwise(given: Partial<InstanceOptions>) {
    const provider = createKubernetesProvider({
      cluster: configOf(world.kubeconfig),
      instances: { ...world.options, ...given },
    })
    return { provider, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() }
  }

  async function madeWith(given: Partial<InstanceOptions>, wanted: (seen: Observation) => boolean) {
    await using other = otherwise(given)
    const spec = newInstance({ version: '17' })
    await other.provider.ensure(spec)
    const seen = await untilSeen(other, spec, wanted)
    expect(await other.provider.remove(spec)).toEqual([])
    expect(await world.traces(spec)).toEqual([])
    return seen
  }

  test('an image that is not on the node and may not be pulled', async () => {
    const image = { name: 'toygres/no-such-image:{major}', pullPolicy: 'Never' as const, pullSecrets: [] }
    expect(await madeWith({ image }, hasFailed)).toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      detail: expect.stringContaining('toygres/no-such-image:17'),
    })
  })

  test('an image whose name is none', async () => {
    const image = { name: 'UPPER/case:{major}', pullPolicy: 'IfNotPresent' as const, pullSecrets: [] }
    expect(await madeWith({ image }, hasFailed)).toMatchObject({ code: 'IMAGE_UNAVAILABLE' })
  })

  test('an image whose registry does not answer: that may pass, and is told meanwhile', async () => {
    const image = {
      name: 'localhost:1/postgres:{major}',
      pullPolicy: 'IfNotPresent' as const,
      pullSecrets: [],
    }
    await madeWith({ image }, waitsFor(/(ErrImagePull|ImagePullBackOff).*localhost:1\/postgres:17/))
  })

  test('no node with room: one may come, and it is told meanwhile', async () => {
    const resources = { cpuRequest: '1000', memory: '128Mi' }
    expect(await madeWith({ resources }, waitsFor(/waiting for a node/))).toMatchObject({
      detail: expect.stringContaining('Insufficient cpu'),
    })
  })

  test('a storage class that does not exist', async () => {
    const storage = { size: '100Mi', className: 'no-such-class' }
    expect(await madeWith({ storage }, hasFailed)).toMatchObject({
      code: 'VOLUME_UNAVAILABLE',
      detail: expect.stringContaining('no-such-class'),
    })
  })

  test('a server that crashes, with the last that it said', async () => {
    // The image runs; PostgreSQL refuses to with so little shared memory for so many connections.
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    await addressOf(world, spec)
    await world.apps.patchNamespacedStatefulSet({
      name: world.podOf(spec).replace(/-0$/, ''),
      namespace: world.namespace,
      body: [
        {
          op: 'replace',
          path: '/spec/template/spec/containers/0/args',
          value: ['postgres', '-c', 'no_such_setting=on'],
        },
      ],
    })
    expect(await untilSeen(world, spec, hasFailed)).toMatchObject({
      code: 'START_FAILED',
      detail: expect.stringContaining('no_such_setting'),
    })
    expect(await world.provider.remove(spec)).toEqual([])
  })
})

describe.skipIf(hasNone)('a namespace that says no', () => {
  test('a quota on pods is told by the controller, and fails the create at once', async () => {
    await using world = await enterKubernetesWorld()
    await world.core.createNamespacedResourceQuota({
      namespace: world.namespace,
      body: { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } },
    })
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    expect(await untilSeen(world, spec, hasFailed)).toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('a quota on volume claims is a permanent refusal that leaves nothing', async () => {
    await using world = await enterKubernetesWorld()
    await world.core.createNamespacedResourceQuota({
      namespace: world.namespace,
      body: { metadata: { name: 'none' }, spec: { hard: { persistentvolumeclaims: '0' } } },
    })
    const spec = newInstance({ version: '17' })
    await vi.waitFor(
      () =>
        expect(world.provider.ensure(spec)).rejects.toMatchObject({
          code: 'QUOTA_EXCEEDED',
          permanent: true,
        }),
      { timeout: 20_000 },
    )
    expect(await world.provider.observe(spec)).toEqual({ phase: 'absent' })
    expect(await world.traces(spec)).toEqual([])
  })

  test('an account without rights is a permanent refusal that names what it may not do', async () => {
    await using world = await enterKubernetesWorld()
    const elsewhere = createKubernetesProvider({
      cluster: configOf(world.kubeconfig),
      instances: { ...world.options, namespace: 'kube-system' },
    })
    await expect(elsewhere.ensure(newInstance())).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      permanent: true,
      message: expect.stringContaining('secrets'),
    })
    await elsewhere[Symbol.asyncDispose]()
  })

  test('a namespace that is being removed may be there again soon: that passes', async () => {
    await using world = await enterKubernetesWorld({ kubeconfig: theKubeconfig() })
    const first = newInstance({ version: '17' })
    await world.provider.ensure(first)
    await addressOf(world, first)
    await world.core.deleteNamespace({ name: world.namespace })
    const spec = newInstance({ version: '17' })
    await expect(world.provider.ensure(spec)).rejects.toMatchObject({
      code: 'BEING_REMOVED',
      permanent: false,
    })
    // What a retry of the step does, until the namespace is gone and can be made anew.
    await vi.waitFor(() => world.provider.ensure(spec), { timeout: 90_000, interval: 500 })
    await addressOf(world, spec)
    expect(await world.provider.observe(first)).toEqual({ phase: 'absent' })
    expect(await world.provider.remove(first)).toEqual([])
    expect(await world.provider.remove(spec)).toEqual([])
  })
})

describe.skipIf(hasNone)('what happens to running instances', () => {
  let world: KubernetesWorld
  beforeAll(async () => {
    world = await enterKubernetesWorld()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const created = async () => {
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    return { spec, address: await addressOf(world, spec) }
  }
  const networking = () => configOf(theKubeconfig()).makeApiClient(NetworkingV1Api)
  const baseOf = (spec: InstanceSpec) => world.podOf(spec).replace(/-0$/, '')

  test('a Service that is not there is made by the next ensure, though the StatefulSet is', async () => {
    const { spec } = await created()
    await world.core.deleteNamespacedService({ name: baseOf(spec), namespace: world.namespace })
    expect(await untilSeen(world, spec, ({ phase }) => phase === 'stopped')).toMatchObject({
      detail: expect.stringContaining('Service'),
    })
    await world.provider.ensure(spec)
    const address = await addressOf(world, spec)
    // A port that the Service was just given is led to the pod in the node's own time.
    const answer = () => logIn(address, spec.password, (sql) => sql`select 1 as one`)
    expect(await vi.waitFor(answer, { timeout: 20_000 })).toEqual([{ one: 1 }])
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('a volume claim that was left behind alone is found and removed', async () => {
    const { spec } = await created()
    const [name, { namespace }] = [baseOf(spec), world]
    await world.apps.deleteNamespacedStatefulSet({ name, namespace })
    await world.core.deleteNamespacedService({ name, namespace })
    await world.core.deleteNamespacedSecret({ name, namespace })
    // The pod goes when the cluster's collector gets to it.
    const listed = await vi.waitFor(
      async () => {
        const found = (await world.provider.list()).find(({ id }) => id === spec.id)
        expect(found?.observation.phase).toBe('stopped')
        return found
      },
      { timeout: 60_000, interval: 100 },
    )
    expect(listed?.name).toBe(spec.name)
    // As the reconciler asks for one that metadata does not know, whose labels may say anything.
    expect((await world.provider.observe({ id: spec.id })).phase).toBe('stopped')
    expect(await world.provider.remove(spec)).toEqual([])
    expect(await world.traces(spec)).toEqual([])
  })

  test('a larger size that its volume cannot be given keeps nothing else from being put back', async () => {
    const { spec } = await created()
    const larger = createKubernetesProvider({
      cluster: configOf(world.kubeconfig),
      // kind's class of volumes cannot make them larger.
      instances: { ...world.options, storage: { size: '200Mi' } },
    })
    await world.core.deleteNamespacedService({ name: baseOf(spec), namespace: world.namespace })
    await larger.ensure(spec)
    const address = await addressOf({ provider: larger }, spec)
    expect(await logIn(address, spec.password, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
    expect(await larger.remove(spec)).toEqual([])
    await larger[Symbol.asyncDispose]()
  })

  test('what somebody holds on to is named until it is let go, and asks for no right that the account lacks', async () => {
    const { spec } = await created()
    const object = { name: baseOf(spec), namespace: world.namespace }
    const hold = async (finalizers: string[]) => {
      const body = [{ op: 'add', path: '/metadata/finalizers', value: finalizers }]
      await world.core.patchNamespacedSecret({ ...object, body })
      await networking().patchNamespacedNetworkPolicy({ ...object, body })
    }
    await hold(['example.org/held'])
    const removed = world.provider.remove(spec)
    await expect
      .poll(async () => (await world.core.readNamespacedSecret(object)).metadata?.deletionTimestamp)
      .toBeDefined()
    await hold([])
    await removed
    await expect.poll(() => world.provider.remove(spec)).toEqual([])
    expect(await world.traces(spec)).toEqual([])
  })

  test('a pod that is deleted comes back with its data, at the same address', async () => {
    const { spec, address } = await created()
    await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
    await world.core.deleteNamespacedPod({ name: world.podOf(spec), namespace: world.namespace })
    await untilSeen(world, spec, ({ phase }) => phase !== 'ready')
    expect(await addressOf(world, spec)).toEqual(address)
    expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
      { answer: 42 },
    ])
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('what a command in its pod left behind ends without taking the server with it', async () => {
    const { spec, address } = await created()
    const config = configOf(theKubeconfig())
    const pod = { namespace: world.namespace, name: world.podOf(spec) }
    await logIn(address, spec.password, async (sql) => {
      const backend = () => sql`select pg_backend_pid()`
      const before = await backend()
      // Where processes of a pod are not shared, as in plain Docker, the image's own init stands between.
      expect(await runInPod(config, pod, 'cat /proc/*/comm')).toMatch(/^tini$/m)
      const left = await runInPod(
        config,
        pod,
        'mkfifo /tmp/end; (read _ </tmp/end; exit 2) >/dev/null 2>&1 & echo $!',
      )
      await runInPod(config, pod, `echo >/tmp/end; while kill -0 ${Number(left)} 2>/dev/null; do :; done`)
      expect(await backend()).toEqual(before)
    })
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('two control planes at once make one instance, and remove it once', async () => {
    const other = createKubernetesProvider({ cluster: configOf(world.kubeconfig), instances: world.options })
    const spec = newInstance({ version: '17' })
    await Promise.all([world.provider.ensure(spec), other.ensure(spec)])
    const address = await addressOf(world, spec)
    expect(await addressOf({ provider: other }, spec)).toEqual(address)
    expect(await Promise.all([world.provider.remove(spec), other.remove(spec)])).toEqual([[], []])
    expect(await world.traces(spec)).toEqual([])
    await other[Symbol.asyncDispose]()
  })

  test('ensuring again changes no object, and what we applied is ours alone', async () => {
    const { spec } = await created()
    const objects = KubernetesObjectApi.makeApiClient(configOf(theKubeconfig()))
    const read = () =>
      objects.read({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: baseOf(spec), namespace: world.namespace },
      })
    const before = await read()
    await world.provider.ensure(spec)
    const after = await read()
    expect(after.metadata?.generation).toBe(before.metadata?.generation)
    const appliers = after.metadata?.managedFields?.filter(({ operation }) => operation === 'Apply')
    expect(appliers?.map(({ manager }) => manager)).toEqual(['toygres'])
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test.for(accessModes)(
    'a dry run of the manifests for %s is taken by the server as it stands',
    async (mode) => {
      const objects = KubernetesObjectApi.makeApiClient(configOf(theKubeconfig()))
      const options: InstanceOptions = {
        ...world.options,
        access: { mode, internal: true, dnsZone: 'example.org', allowedRanges: ['203.0.113.0/24'] },
      }
      const spec = newInstance()
      for (const manifest of manifestsOf(spec, options))
        await objects.patch(manifest, undefined, 'All', 'toygres', true, PatchStrategy.ServerSideApply)
      expect(await world.traces(spec)).toEqual([])
    },
  )
})

// Last, and alone: it takes the nodes from all others, so only on a cluster that nobody else uses.
describe.skipIf(!inject('ownsCluster'))('a node that is cordoned and drained', { concurrent: false }, () => {
  let cordon: Cordon | null = null
  // Also where the test fails half-way.
  afterEach(() => cordon?.lift())

  test('its instance waits, says so, and comes back once the node does', async () => {
    await using world = await enterKubernetesWorld()
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    const address = await addressOf(world, spec)
    await logIn(address, spec.password, (sql) => sql`create table kept as select 42 as answer`)
    cordon = await cordonNodes(world.core)
    await world.core.createNamespacedPodEviction({
      name: world.podOf(spec),
      namespace: world.namespace,
      body: { metadata: { name: world.podOf(spec), namespace: world.namespace } },
    })
    expect(await untilSeen(world, spec, waitsFor(/waiting for a node/))).toMatchObject({
      detail: expect.stringContaining('unschedulable'),
    })
    await cordon.lift()
    expect(await addressOf(world, spec)).toEqual(address)
    expect(await logIn(address, spec.password, (sql) => sql`select answer from kept`)).toEqual([
      { answer: 42 },
    ])
    expect(await world.provider.remove(spec)).toEqual([])
  })
})
