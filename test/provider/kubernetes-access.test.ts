import type { Address, InstanceSpec } from '@toygres/providers'
import { createKubernetesProvider, type InstanceOptions } from '@toygres/providers/kubernetes'
import { describe, expect, inject, test, vi } from 'vitest'
import { configOf } from '../harness/kind/cluster.ts'
import { enterKubernetesWorld, type KubernetesWorld } from './kubernetes-world.ts'
import { logIn } from './log-in.ts'
import { newInstance } from './new-instance.ts'

const untilReady = ({ provider }: Pick<KubernetesWorld, 'provider'>, spec: InstanceSpec): Promise<Address> =>
  vi.waitFor(
    async () => {
      const seen = await provider.observe(spec)
      if (seen.phase !== 'ready') throw new Error(JSON.stringify(seen))
      return seen.address
    },
    { timeout: 90_000, interval: 50 },
  )

async function enter(access: InstanceOptions['access']) {
  return enterKubernetesWorld({ options: { access } })
}

describe.skipIf(inject('kubeconfig') === null)('the address of an instance', () => {
  test('cluster: a DNS name that a pod of the cluster can log in by', async () => {
    await using world = await enter({ mode: 'cluster' })
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    const address = await untilReady(world, spec)
    expect(address).toEqual({ host: expect.stringMatching(/\.svc$/), port: 5432 })
    expect(await askFromPod(world, address, spec)).toBe('42')
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('node-port: from where it is allowed only, a client comes under its own address', async () => {
    const mode = 'node-port' as const
    const clientOf = async (access: InstanceOptions['access']) => {
      await using world = await enter(access)
      const spec = newInstance({ version: '17' })
      await world.provider.ensure(spec)
      const address = await untilReady(world, spec)
      const client = await logIn(address, spec.password, (sql) => sql`select inet_client_addr() as host`)
      expect(await world.provider.remove(spec)).toEqual([])
      return { client: String(client[0]?.['host']), node: address.host }
    }
    const { client, node } = await clientOf({ mode, allowedRanges: ['0.0.0.0/0'] })
    expect(client).not.toBe(node)
    // A policy that lets in the client's range would shut out what comes this way.
    expect((await clientOf({ mode })).client).not.toBe(client)
  })

  test('load-balancer: what the cloud gives it, and not before it does', async () => {
    await using world = await enter({ mode: 'load-balancer', allowedRanges: ['0.0.0.0/0'] })
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    await vi.waitFor(
      async () => {
        expect(await world.provider.observe(spec)).toEqual({
          phase: 'starting',
          detail: 'the server runs; its address is not known yet',
        })
      },
      { timeout: 90_000 },
    )
    // What a cloud's controller does. The node's own address is one that kube-proxy then answers for.
    const [node] = (await world.core.listNamespacedPod({ namespace: world.namespace })).items
    const ip = node?.status?.hostIP
    let woken = false
    await using _watching = await world.provider.watch((id) => {
      if (id === spec.id) woken = true
    })
    await world.core.patchNamespacedServiceStatus({
      name: world.podOf(spec).replace(/-0$/, ''),
      namespace: world.namespace,
      body: [{ op: 'replace', path: '/status/loadBalancer', value: { ingress: [{ ip }] } }],
    })
    const address = await untilReady(world, spec)
    expect(woken).toBe(true)
    expect(address).toEqual({ host: ip, port: 5432 })
    expect(
      await vi.waitFor(() => logIn(address, spec.password, (sql) => sql`select 1 as one`), {
        timeout: 20_000,
      }),
    ).toEqual([{ one: 1 }])
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('port-forward: a port of this machine, which the same instance has again in another process', async () => {
    await using world = await enter({ mode: 'port-forward' })
    await using _watching = await world.provider.watch(() => {})
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    const address = await untilReady(world, spec)
    expect(address.host).toBe('127.0.0.1')
    const answers = () => logIn(address, spec.password, (sql) => sql`select 1 as one`)
    expect(await vi.waitFor(answers, { timeout: 20_000 })).toEqual([{ one: 1 }])
    // The tunnel ends at the pod's own loopback address: the password is asked for there too.
    await expect(logIn(address, 'wrong', (sql) => sql`select 1`)).rejects.toThrow(/password|authentication/)
    // More than one message: what is sent back is whole and in order.
    const rows = await logIn(address, spec.password, (sql) => sql`select n from generate_series(1, 20000) n`)
    expect(rows).toHaveLength(20_000)
    await world.provider.ensure(spec)
    expect(await untilReady(world, spec)).toEqual(address)
    expect(await world.elsewhere('ensure', spec)).toBe('done')
    expect(await untilReady(world, spec)).toEqual(address)
    expect(await world.provider.remove(spec)).toEqual([])
  })
})

describe.skipIf(inject('kubeconfig') === null)('a port of this machine', () => {
  test('that another control plane has is taken over when that one ends', async () => {
    await using world = await enter({ mode: 'port-forward' })
    const first = createKubernetesProvider({ cluster: configOf(world.kubeconfig), instances: world.options })
    await using _ended = first
    await first.watch(() => {})
    const spec = newInstance({ version: '17' })
    await first.ensure(spec)
    const address = await untilReady({ provider: first }, spec)
    const answers = () => logIn(address, spec.password, (sql) => sql`select 1 as one`)
    await vi.waitFor(answers, { timeout: 20_000 })
    await using _watching = await world.provider.watch(() => {})
    expect(await untilReady(world, spec)).toEqual(address)
    await first[Symbol.asyncDispose]()
    expect(await vi.waitFor(answers, { timeout: 20_000 })).toEqual([{ one: 1 }])
    expect(await world.provider.remove(spec)).toEqual([])
  })

  test('that two instances were given at the same moment is kept by one of them only', async () => {
    await using world = await enter({ mode: 'port-forward' })
    const [first, second] = [newInstance({ version: '17' }), newInstance({ version: '17' })]
    const serviceOf = (spec: InstanceSpec) => ({
      name: world.podOf(spec).replace(/-0$/, ''),
      namespace: world.namespace,
    })
    const portOf = async (spec: InstanceSpec) =>
      (await world.core.readNamespacedService(serviceOf(spec))).metadata?.annotations?.[
        'toygres.io/forward-port'
      ]
    await world.provider.ensure(first)
    await world.provider.ensure(second)
    const port = await portOf(first)
    // As another control plane leaves it, which could not see the first one's choice when it made its own.
    await world.core.patchNamespacedService({
      ...serviceOf(second),
      body: [{ op: 'replace', path: '/metadata/annotations/toygres.io~1forward-port', value: port }],
    })
    await world.provider.ensure(second)
    expect(await portOf(second)).not.toBe(port)
    expect(await portOf(first)).toBe(port)
    // Their servers have hardly begun to start: what is still there is asked for again, as an operation does.
    for (const spec of [first, second]) await expect.poll(() => world.provider.remove(spec)).toEqual([])
  })
})

/** Runs `psql` in a pod of its own and returns what it says. */
async function askFromPod(
  world: KubernetesWorld,
  { host, port }: Address,
  spec: InstanceSpec,
): Promise<string> {
  const { core, namespace } = world
  const name = 'client'
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name,
            image: inject('postgresImage').replaceAll('{major}', '17'),
            imagePullPolicy: 'IfNotPresent',
            command: ['psql', '-h', host, '-p', String(port), '-U', 'postgres', '-Atc', 'select 6 * 7'],
            env: [{ name: 'PGPASSWORD', value: spec.password }],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    },
  })
  await vi.waitFor(
    async () => {
      const { status } = await core.readNamespacedPod({ name, namespace })
      if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') throw new Error(status?.phase)
    },
    { timeout: 60_000, interval: 100 },
  )
  return (await core.readNamespacedPodLog({ name, namespace })).trim()
}
