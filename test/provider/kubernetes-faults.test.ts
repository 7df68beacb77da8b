import { setTimeout as sleep } from 'node:timers/promises'
import type { InstanceSpec } from '@toygres/providers'
import { createKubernetesProvider } from '@toygres/providers/kubernetes'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { configOf, theKubeconfig } from '../harness/kind/cluster.ts'
import {
  type Fault,
  type ApiServerProxy,
  type SeenRequest,
  startApiServerProxy,
} from '../harness/kind/api-server-proxy.ts'
import { enterKubernetesWorld, type KubernetesWorld } from './kubernetes-world.ts'
import { birthOf, untilDead } from './life.ts'
import { logIn } from './log-in.ts'
import { newInstance } from './new-instance.ts'

// One after the other: they share the line that is spoiled.
describe.skipIf(inject('kubeconfig') === null)(
  'a line to the cluster that fails',
  { concurrent: false },
  () => {
    let proxy: ApiServerProxy
    let world: KubernetesWorld
    beforeAll(async () => {
      proxy = await startApiServerProxy(configOf(theKubeconfig()))
      world = await enterKubernetesWorld({ kubeconfig: proxy.kubeconfig })
    })
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]()
      await proxy?.[Symbol.asyncDispose]()
    })

    const untilReady = (spec: InstanceSpec) =>
      vi.waitFor(
        async () => {
          const seen = await world.provider.observe(spec)
          if (seen.phase !== 'ready') throw new Error(JSON.stringify(seen))
          return seen.address
        },
        { timeout: 60_000, interval: 50 },
      )

    /** Made, used and removed while `fault` strikes. */
    async function live(fault: (request: SeenRequest) => Fault | null): Promise<void> {
      const spec = newInstance({ version: '17' })
      proxy.spoil(fault)
      try {
        await world.provider.ensure(spec)
        const address = await untilReady(spec)
        expect(await logIn(address, spec.password, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
        expect(await world.provider.remove(spec)).toEqual([])
      } finally {
        proxy.spoil(() => null)
      }
      expect(await world.traces(spec)).toEqual([])
    }

    const pathOf = (path: string) => path.replace(/\?.*/, '')

    /** The first `times` of each request. */
    const burst = (times: number, fault: Fault) => {
      const struck = new Map<string, number>()
      return ({ method, path }: SeenRequest): Fault | null => {
        const key = `${method} ${pathOf(path)}`
        const count = (struck.get(key) ?? 0) + 1
        struck.set(key, count)
        return count <= times ? fault : null
      }
    }

    test.for([
      ['too many requests', { status: 429, retryAfter: 1 }],
      ['conflicts', { status: 409 }],
      ['internal errors', { status: 500 }],
      ['an overloaded gateway', { status: 503 }],
      ['requests that are cut off before they arrive', 'cut-before'],
      ['answers that are cut off after the work is done', 'cut-after'],
    ] as const)('bursts of %s are borne', async ([, fault]) => {
      await live(burst(2, fault))
    })

    test('watches that are forgotten by the server (410) are taken up anew, with new lists', async () => {
      const strike = burst(3, { status: 410 })
      const forget = (request: SeenRequest) => (request.isWatch ? strike(request) : null)
      const lists = () => proxy.requests.filter(({ method, isWatch }) => method === 'GET' && !isWatch)
      // There is a picture from then on.
      await world.provider.observe(newInstance())
      proxy.forget()
      proxy.spoil(forget)
      cutLines()
      await expect.poll(() => new Set(lists().map(({ path }) => pathOf(path))).size).toBe(5)
      await live(forget)
    })

    /** So that the watches, which may have stood for long, are asked for again. */
    function cutLines() {
      proxy.down()
      proxy.up()
    }

    test('an API server that is away for 20 s in the middle of a create is waited for', async () => {
      const spec = newInstance({ version: '17' })
      let gone: Promise<void> | null = null
      proxy.spoil(({ method, path }) => {
        if (gone === null && method === 'PATCH' && path.includes('/statefulsets/')) {
          gone = sleep(20_000).then(() => proxy.up())
          setImmediate(() => proxy.down())
          return 'cut-before'
        }
        return null
      })
      await world.provider.ensure(spec)
      expect(gone).not.toBeNull()
      proxy.spoil(() => null)
      expect(await logIn(await untilReady(spec), spec.password, (sql) => sql`select 1 as one`)).toEqual([
        { one: 1 },
      ])
      expect(await world.provider.remove(spec)).toEqual([])
    })

    test('watches that died while the server was away tell of what happens after', async () => {
      const spec = newInstance({ version: '17' })
      cutLines()
      await world.provider.ensure(spec)
      const birth = await birthOf(await untilReady(spec), spec)
      await world.killServer(spec)
      await untilDead(world.provider, spec, birth)
      await untilReady(spec)
      expect(await world.provider.remove(spec)).toEqual([])
    })

    test('watches that stand and tell nothing: what is waited for is looked at all the same', async () => {
      const spec = newInstance({ version: '17' })
      await world.provider.ensure(spec)
      await expect.poll(async () => (await world.provider.observe(spec)).phase).toBe('starting')
      proxy.spoil(({ isWatch }) => (isWatch ? 'mute' : null))
      cutLines()
      try {
        expect(await untilReady(spec)).toMatchObject({ port: expect.any(Number) })
      } finally {
        proxy.spoil(() => null)
        cutLines()
      }
      expect(await world.provider.remove(spec)).toEqual([])
    })

    test('an API server that stays away is an error that says so, and may pass', async () => {
      const spec = newInstance({ version: '17' })
      proxy.down()
      try {
        await expect(
          world.provider.ensure(spec, { signal: AbortSignal.timeout(60_000) }),
        ).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE', permanent: false })
      } finally {
        proxy.up()
      }
    })

    test('what is waited for is told together with the outage that keeps it from being seen', async () => {
      await using other = createKubernetesProvider({
        cluster: configOf(proxy.kubeconfig),
        instances: { ...world.options, resources: { cpuRequest: '1000', memory: '128Mi' } },
      })
      const spec = newInstance({ version: '17' })
      const told = async () => JSON.stringify(await other.observe(spec))
      await other.ensure(spec)
      await expect.poll(told).toMatch(/waiting for a node/)
      proxy.down()
      try {
        await expect.poll(told).toMatch(/waiting for a node.*API does not answer/)
      } finally {
        proxy.up()
      }
      await expect.poll(told).not.toMatch(/API does not answer/)
      expect(await other.remove(spec)).toEqual([])
    })

    test('a look at all instances sees no password', async () => {
      const spec = newInstance({ version: '17' })
      await world.provider.ensure(spec)
      proxy.forget()
      expect(await world.provider.list()).toContainEqual(
        expect.objectContaining({ id: spec.id, changes: [] }),
      )
      const ofSecrets = proxy.requests.filter(({ path }) => path.includes('/secrets'))
      expect(ofSecrets.map(({ accept }) => accept)).toEqual([
        expect.stringContaining('PartialObjectMetadata'),
      ])
      await world.provider.remove(spec)
    })

    test('a look at one instance, and its removal, ask for its objects by their names', async () => {
      const spec = newInstance({ version: '17' })
      expect(await world.provider.observe(spec)).toEqual({ phase: 'absent' })
      proxy.forget()
      expect(await world.provider.observe(spec)).toEqual({ phase: 'absent' })
      expect(await world.provider.remove(spec)).toEqual([])
      const lists = proxy.requests.filter(({ method, isWatch }) => method === 'GET' && !isWatch)
      const ofOthers = lists.filter(({ path }) => !path.includes('fieldSelector=metadata.name'))
      expect([lists.length, ofOthers]).toEqual([7, []])
    })

    test('what is idle asks nothing of the cluster for an instance, and watches are one per kind', async () => {
      proxy.forget()
      cutLines()
      const specs = [newInstance({ version: '17' }), newInstance({ version: '17' })]
      for (const spec of specs) await world.provider.ensure(spec)
      for (const spec of specs) await untilReady(spec)
      const opened = proxy.requests
        .filter(({ isWatch }) => isWatch)
        .map(({ path }) => path.replace(/resourceVersion=\d+/, ''))
      expect(new Set(opened).size).toBe(5)
      proxy.forget()
      for (let i = 0; i < 50; i++)
        for (const spec of specs) expect((await world.provider.observe(spec)).phase).toBe('ready')
      expect(proxy.requests.filter(({ isWatch }) => !isWatch)).toEqual([])
      for (const spec of specs) await world.provider.remove(spec)
    })
  },
)
