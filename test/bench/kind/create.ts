import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InstanceSpec } from '@toygres/providers'
import { PooledKubeConfig, defaultInstanceOptions, manifestsOf } from '@toygres/providers/kubernetes'
import type { Toygres } from '@toygres/sdk'
import { startControlPlane } from '../../harness/control-plane/index.ts'
import { startApiServerProxy } from '../../harness/kind/api-server-proxy.ts'
import { percentile, printFigures, spread } from '../figures.ts'
import { firstQuery } from '../first-query.ts'

// From `create` to an instance on kind that answers, and what it costs the cluster; against `kubectl apply` of the same manifests.
// create.ts [ROUNDS [AT_ONCE]]: needs KUBECONFIG of a kind cluster that has the image, and kubectl on the PATH.
const rounds = Number(process.argv[2] ?? 10)
const atOnce = Number(process.argv[3] ?? 50)
const image = process.env['TOYGRES_POSTGRES_IMAGE'] || 'postgres:{major}'
const namespace = `toygres-bench-${randomBytes(3).toString('hex')}`
const byHand = `${namespace}-hand`
const options = {
  ...defaultInstanceOptions,
  namespace: byHand,
  access: { mode: 'node-port' as const },
  image: { name: image, pullPolicy: 'IfNotPresent' as const, pullSecrets: [] },
  resources: { cpuRequest: '10m', memory: '128Mi' },
  storage: { size: '100Mi' },
}
const cluster = new PooledKubeConfig()
cluster.loadFromDefault()
const directory = await mkdtemp(join(tmpdir(), 'toygres-bench-'))
await using proxy = await startApiServerProxy(cluster)
const plane = await startControlPlane({
  args: ['--provider', 'kubernetes'],
  env: {
    KUBECONFIG: proxy.kubeconfig,
    TOYGRES_KUBERNETES_NAMESPACE: namespace,
    TOYGRES_POSTGRES_IMAGE: image,
    TOYGRES_KUBERNETES_CPU: options.resources.cpuRequest,
    TOYGRES_KUBERNETES_MEMORY: options.resources.memory,
    TOYGRES_KUBERNETES_STORAGE: options.storage.size,
  },
})
try {
  kubectl('create', 'namespace', byHand)
  const toygres = await plane.sdk()
  await createAndDelete(toygres, 'warm-up')
  await applyAndDelete(newSpec())

  const created: number[] = []
  const deleted: number[] = []
  const applied: number[] = []
  for (let i = 0; i < rounds; i++) {
    const { createdMs, deletedMs } = await createAndDelete(toygres, `bench-${i}`)
    created.push(createdMs)
    deleted.push(deletedMs)
    applied.push(await applyAndDelete(newSpec()))
  }

  proxy.forget()
  const began = performance.now()
  const names = Array.from({ length: atOnce }, (_, i) => `burst-${i}`)
  const ends = await Promise.all(
    names.map(async (name) => (await (await toygres.instances.create({ name })).operation.wait()).state),
  )
  const burstMs = performance.now() - began
  const asked = proxy.requests.filter(({ isWatch }) => !isWatch).length
  proxy.forget()
  await sleep(60_000)
  const idle = proxy.requests.length
  await Promise.all(names.map(async (name) => (await toygres.instances.delete(name)).operation.wait()))
  const handMs = await applyAll(Array.from({ length: atOnce }, newSpec))

  const ratio = percentile(created, 0.5) / percentile(applied, 0.5)
  const succeeded = ends.filter((state) => state === 'succeeded').length
  const burstAimMs = handMs * 1.2
  printFigures(
    [
      {
        what: 'create to first successful query',
        seen: spread(created),
        aim: 'p50 <= 4000 ms',
        met: percentile(created, 0.5) <= 4000,
      },
      { what: 'by hand: kubectl apply, wait, query', seen: spread(applied) },
      {
        what: 'create / by hand, of the medians',
        seen: ratio.toFixed(2),
        aim: '<= 1.2',
        met: ratio <= 1.2,
      },
      {
        what: 'delete to nothing left',
        seen: spread(deleted),
        aim: 'p50 <= 4000 ms',
        met: percentile(deleted, 0.5) <= 4000,
      },
      {
        what: `${atOnce} creates at once`,
        seen: `${(burstMs / 1000).toFixed(1)} s, ${succeeded} succeeded`,
        aim: `<= ${(burstAimMs / 1000).toFixed(1)} s, all`,
        met: burstMs <= burstAimMs && succeeded === atOnce,
      },
      { what: `by hand: kubectl apply of ${atOnce}, wait`, seen: `${(handMs / 1000).toFixed(1)} s` },
      {
        what: 'requests per instance in that burst',
        seen: (asked / atOnce).toFixed(1),
        aim: '<= 25',
        met: asked / atOnce <= 25,
      },
      { what: `requests in a minute with ${atOnce} idle`, seen: `${idle}`, aim: 'the same with any number' },
    ],
    `node --conditions=toygres-source test/bench/kind/create.ts ${rounds} ${atOnce}`,
  )
} finally {
  await plane[Symbol.asyncDispose]()
  kubectl('delete', 'namespace', namespace, byHand, '--ignore-not-found', '--wait=false')
  await rm(directory, { recursive: true })
  await cluster.close()
}

async function createAndDelete(toygres: Toygres, name: string) {
  let began = performance.now()
  const { instance, operation } = await toygres.instances.create({ name })
  await operation.wait()
  await firstQuery((await toygres.instances.connection(instance.id)).connectionString)
  const createdMs = performance.now() - began
  began = performance.now()
  await (await toygres.instances.delete(name)).operation.wait()
  return { createdMs, deletedMs: performance.now() - began }
}

function newSpec(): InstanceSpec {
  const id = randomUUID()
  return {
    id,
    name: `hand-${id.slice(0, 8)}`,
    version: '18',
    password: randomBytes(24).toString('base64url'),
  }
}

async function write(specs: readonly InstanceSpec[]): Promise<string> {
  const path = join(directory, 'manifests.json')
  const items = specs.flatMap((spec) => manifestsOf(spec, options))
  await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  return path
}

function baseOf({ id, name }: InstanceSpec): string {
  return `pg-${name}-${id.slice(-8)}`
}

/** What somebody with kubectl does, until the first query is answered; then it is taken away, which does not count. */
async function applyAndDelete(spec: InstanceSpec): Promise<number> {
  const path = await write([spec])
  const base = baseOf(spec)
  const began = performance.now()
  kubectl('apply', '-n', byHand, '-f', path)
  waitFor([spec])
  const [host, port] = kubectl(
    'get',
    '-n',
    byHand,
    `pod/${base}-0`,
    `service/${base}`,
    '-o',
    'jsonpath={.items[0].status.hostIP} {.items[1].spec.ports[0].nodePort}',
  ).split(' ')
  await firstQuery(`postgres://postgres:${spec.password}@${host}:${port}/postgres`)
  const took = performance.now() - began
  kubectl('delete', '-n', byHand, '-f', path, '--wait=true')
  return took
}

async function applyAll(specs: readonly InstanceSpec[]): Promise<number> {
  const path = await write(specs)
  const began = performance.now()
  kubectl('apply', '-n', byHand, '-f', path)
  waitFor(specs)
  return performance.now() - began
}

/** By the StatefulSets, in one go: `kubectl wait` knows nothing of a pod that its controller has not made yet. */
function waitFor(specs: readonly InstanceSpec[]): void {
  const sets = specs.map((spec) => `statefulset/${baseOf(spec)}`)
  kubectl('wait', '-n', byHand, ...sets, '--for=jsonpath={.status.readyReplicas}=1', '--timeout=300s')
}

function kubectl(...args: string[]): string {
  return execFileSync('kubectl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
