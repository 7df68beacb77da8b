import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate } from '@toygres/control-plane'
import { createToygres } from '@toygres/sdk'
import { embeddedServer } from '../../harness/postgres/index.ts'
import { ms, percentile, printFigures, spread } from '../figures.ts'
import { cpuOf, postmasterPid } from '../health/cpu.ts'
import { load, serve } from './processes.ts'
import { trustingServer } from './trusting-server.ts'

/**
 * The API of one control plane, with its metadata PostgreSQL and all its clients on this machine: reads beside a bare handler that
 * asks the same question, in turns; acknowledgements of creations, whose operations run meanwhile; and watchers.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    watchers: { type: 'string', default: '1000' },
  },
})
const [seconds, rounds, watchers] = [Number(values.seconds), Number(values.rounds), Number(values.watchers)]
const connections = 50
const createsPerSecond = 50
const heldBack = 20

await using cleanup = new AsyncDisposableStack()
const directory = await mkdtemp(join(tmpdir(), 'toygres-bench-api-'))
cleanup.defer(() => rm(directory, { recursive: true }))
const metadata = await embeddedServer({ fsync: true })
cleanup.defer(() => metadata.stop())
const instances = await trustingServer()
cleanup.defer(() => instances.stop())
await migrate(metadata.url)

const plane = cleanup.use(
  await serve('plane-main.ts', {
    databaseUrl: metadata.url,
    address: instances.address,
    log: join(directory, 'log'),
  }),
)
const bare = cleanup.use(await serve('bare-main.ts', { databaseUrl: metadata.url }))
const toygres = createToygres({ url: `http://127.0.0.1:${plane.server.port}`, apiKey: plane.server.apiKey })

const creation = await load({ kind: 'create', server: plane.server, perSecond: createsPerSecond, seconds })
await toygres.instances.create({ name: 'last' }).wait()

// Each connection asks for another one.
const ids: string[] = []
for await (const { id } of toygres.instances.list({ limit: connections }))
  if (ids.push(id) === connections) break
const paths = ids.map((id) => `/instances/${id}`)
const trpcPaths = ids.map(
  (id) => `/trpc/instances.get?input=${encodeURIComponent(JSON.stringify({ json: { id } }))}`,
)
const asked = { kind: 'get', connections } as const
const ours = { ...asked, server: plane.server, paths }
const overTrpc = { ...asked, server: plane.server, paths: trpcPaths }
const theirs = { ...asked, server: bare.server, paths }
for (const order of [ours, overTrpc, theirs]) await load({ ...order, seconds: 3 })
const reads: number[] = []
const trpcReads: number[] = []
let trpcLatencies: number[] = []
const bareReads: number[] = []
let latencies: number[] = []
let bareLatencies: number[] = []
let failedReads = 0
const cpu = { ours: 0, bare: 0, oursInDatabase: 0, bareInDatabase: 0 }
const metadataPid = await postmasterPid(metadata.url)
for (let round = 0; round < rounds; round++) {
  const start = {
    plane: await cpuOf(plane.pid),
    database: await cpuOf(metadataPid),
    bare: await cpuOf(bare.pid),
  }
  const read = await load({ ...ours, seconds })
  const middle = { plane: await cpuOf(plane.pid), database: await cpuOf(metadataPid) }
  reads.push(read.taken.length / (read.elapsedMs / 1000))
  latencies = latencies.concat(read.taken)
  failedReads += read.failed
  const bareRead = await load({ ...theirs, seconds })
  cpu.ours += middle.plane - start.plane
  cpu.oursInDatabase += middle.database - start.database
  cpu.bare += (await cpuOf(bare.pid)) - start.bare
  cpu.bareInDatabase += (await cpuOf(metadataPid)) - middle.database
  const trpcRead = await load({ ...overTrpc, seconds })
  trpcReads.push(trpcRead.taken.length / (trpcRead.elapsedMs / 1000))
  trpcLatencies = trpcLatencies.concat(trpcRead.taken)
  failedReads += trpcRead.failed
  bareReads.push(bareRead.taken.length / (bareRead.elapsedMs / 1000))
  bareLatencies = bareLatencies.concat(bareRead.taken)
}

/** Watchers, of what runs on instances that are held back until all of them are there. */
async function watch(what: 'operations' | 'instances') {
  const names = Array.from({ length: heldBack }, (_, n) => `held-${what}-${n}`)
  const ids: string[] = []
  for (const name of names) ids.push((await toygres.instances.create({ name })).operation.id)
  const of = what === 'operations' ? { what, ids } : { what, names }
  const before = await plane.memory()
  let during = before
  const watched = await load({ kind: 'watch', server: plane.server, of, watchers }, async () => {
    during = await plane.memory()
    for (const name of names) {
      plane.tell(name)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  })
  return { ...watched, before, during, heldKb: (during.heldKb - before.heldKb) / watchers }
}
const ofOperations = await watch('operations')
const ofInstances = await watch('instances')

const perSecond = (rates: readonly number[]) => `${Math.round(percentile(rates, 0.5))} requests/s`
const share = percentile(reads, 0.5) / percentile(bareReads, 0.5)
const within = (samples: readonly number[], most: number) => percentile(samples, 0.99) <= most
printFigures(
  [
    {
      what: `GET /instances/{id}, ${connections} connections`,
      seen: perSecond(reads),
      aim: '>= 3,000/s',
      met: percentile(reads, 0.5) >= 3000,
    },
    {
      what: '... from request to answer',
      seen: spread(latencies),
      aim: 'p99 <= 25 ms',
      met: within(latencies, 25),
    },
    {
      what: 'the same over tRPC',
      seen: perSecond(trpcReads),
      aim: '>= 3,000/s',
      met: percentile(trpcReads, 0.5) >= 3000,
    },
    {
      what: '... from request to answer',
      seen: spread(trpcLatencies),
      aim: 'p99 <= 25 ms',
      met: within(trpcLatencies, 25),
    },
    { what: '... of both that failed', seen: String(failedReads), aim: '0', met: failedReads === 0 },
    { what: 'a bare hono handler with the same query', seen: perSecond(bareReads) },
    { what: '... from request to answer', seen: spread(bareLatencies) },
    {
      what: 'GET /instances/{id} / bare, of the medians',
      seen: `${(share * 100).toFixed(0)} %`,
      aim: '>= 60 %',
      met: share >= 0.6,
    },
    {
      what: '... CPU for each: control plane / bare, and their database',
      seen: [
        [cpu.ours, latencies.length],
        [cpu.bare, bareLatencies.length],
        [cpu.oursInDatabase, latencies.length],
        [cpu.bareInDatabase, bareLatencies.length],
      ]
        .map(([seconds = 0, requests = 1]) => `${((seconds / requests) * 1e6).toFixed(0)} µs`)
        .join(' / '),
    },
    {
      what: `create, ${createsPerSecond}/s, acknowledged`,
      seen: spread(creation.taken),
      aim: 'p99 <= 50 ms',
      met: within(creation.taken, 50),
    },
    { what: '... that failed', seen: String(creation.failed), aim: '0', met: creation.failed === 0 },
    ...[
      { what: `event to each of ${watchers} watchers`, ...ofOperations },
      { what: `change to each of ${watchers} watchers of all instances`, ...ofInstances },
    ].flatMap(({ what, taken, failed, heldKb, before, during }) => [
      { what, seen: spread(taken), aim: 'p99 <= 250 ms', met: within(taken, 250) },
      { what: '... out of order, lost or repeated', seen: String(failed), aim: '0', met: failed === 0 },
      {
        what: 'memory that the control plane holds for each watcher',
        seen: `${heldKb.toFixed(0)} KB`,
        aim: '<= 50 KB',
        met: heldKb <= 50,
      },
      {
        what: '... resident, with what is not collected yet',
        seen: `${Math.round(before.residentKb / 1000)} MB before, ${Math.round(during.residentKb / 1000)} MB with all of them`,
      },
    ]),
    { what: 'slowest read', seen: ms(percentile(latencies, 1)) },
  ],
  `node --conditions=toygres-source test/bench/api/api.ts --seconds ${seconds} --rounds ${rounds} --watchers ${watchers}`,
)
