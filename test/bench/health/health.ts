import { parseArgs } from 'node:util'
import { embeddedServer } from '../../harness/postgres/index.ts'
import { printFigures } from '../figures.ts'
import { cpuOf, postmasterPid } from './cpu.ts'
import { seedFleet, tableSizes } from './fleet.ts'
import { startPlane } from './plane.ts'
import { startTargets } from './targets.ts'

/**
 * Health checks of many instances by one control plane, for real: its process, its metadata PostgreSQL, and logins through
 * PgBouncer to another PostgreSQL, each instance at an address of its own (127.x.y.z), since Linux has all of 127/8.
 *
 *   --variant logins      each check is a fresh SCRAM login: more instances than connections are kept for
 *   --variant kept        few enough instances for their connections to be kept (--instances 100)
 *   --variant hanging     300 of them (--hanging) accept and then say nothing
 *   --variant onset       as many begin to do so, all at one moment, in the middle
 *   --variant together    as logins, and in the middle all are due at one moment, as after an outage
 *   --variant names       as logins, at a name instead of numbers
 *   --variant reconciled  no instance is asked; the provider lists them all, and is compared with
 *   --variant scheduling  no instance is asked: what the jobs alone cost
 */
const { values } = parseArgs({
  options: {
    variant: { type: 'string', default: 'logins' },
    instances: { type: 'string', default: '10000' },
    interval: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '900' },
    warmup: { type: 'string', default: '60' },
    hanging: { type: 'string', default: '300' },
  },
})
const { variant } = values
const [size, intervalSeconds, seconds, warmup, hanging] = [
  Number(values.instances),
  Number(values.interval),
  Number(values.seconds),
  Number(values.warmup),
  Number(values.hanging),
]
// The control plane reports its punctuality once a minute, and the first report is of the warm-up, too.
if (seconds < 121) throw new Error('--seconds must be 121 at least')
const isHanging = variant === 'hanging' || variant === 'onset'

await using cleanup = new AsyncDisposableStack()
const metadata = await embeddedServer({ fsync: true })
cleanup.defer(() => metadata.stop())
const targets = await startTargets()
cleanup.use(targets)
const fleet = await seedFleet({
  databaseUrl: metadata.url,
  targets,
  size,
  hanging: variant === 'hanging' ? hanging : 0,
  intervalSeconds,
  named: variant === 'names',
})
cleanup.use(fleet)
const plane = await startPlane({
  ...fleet,
  askNobody: variant === 'scheduling' || variant === 'reconciled',
  listsAll: variant === 'reconciled',
})
cleanup.use(plane)
const metadataPid = await postmasterPid(metadata.url)

await pause(warmup)
plane.forget()
const before = {
  plane: await cpuOf(plane.pid),
  metadata: await cpuOf(metadataPid),
  tables: await tableSizes(fleet.sql),
}
const began = performance.now()
await pause(seconds / 2)
if (variant === 'onset') await fleet.beginToHang(hanging)
if (variant === 'together') await fleet.makeAllDue()
await pause(seconds / 2)
const elapsed = (performance.now() - began) / 1000
const after = {
  plane: await cpuOf(plane.pid),
  metadata: await cpuOf(metadataPid),
  tables: await tableSizes(fleet.sql),
}

const share = (used: number) => `${((100 * used) / elapsed).toFixed(1)} % of a core`
const reports = plane.reports()
const checks = reports.reduce((sum, report) => sum + report.checks, 0)
const failed = reports.reduce((sum, report) => sum + report.failed, 0)
const worst = (pick: (late: { p50: number; p99: number; max: number }) => number) =>
  Math.max(...reports.map(({ lateMs }) => pick(lateMs)))
const aims = {
  logins: '<= 60 %',
  hanging: '<= 60 %',
  onset: '<= 60 %',
  together: '<= 60 %',
  names: '<= 60 %',
  reconciled: '<= 30 %',
  scheduling: '<= 30 %',
  kept: '<= 2 %',
}
printFigures(
  [
    {
      what: 'variant',
      seen: `${variant}: ${size} instances every ${intervalSeconds} s for ${elapsed.toFixed(0)} s`,
    },
    {
      what: 'checks in the minutes reported',
      seen: `${checks} in ${reports.length} min, ${failed} failed`,
      aim: `${Math.round((size * 60) / intervalSeconds)} a minute`,
    },
    { what: 'begun late, p50 of the worst minute', seen: `${worst(({ p50 }) => p50)} ms` },
    { what: 'begun late, p99 of the worst minute', seen: `${worst(({ p99 }) => p99)} ms`, aim: '<= 1000 ms' },
    { what: 'begun late, max', seen: `${worst(({ max }) => max)} ms` },
    {
      what: 'begun late after a time-out, p99 of the worst minute',
      seen: `${Math.max(0, ...reports.map(({ lateAfterSilenceMs }) => lateAfterSilenceMs?.p99 ?? 0))} ms`,
    },
    {
      what: 'control plane',
      seen: share(after.plane - before.plane),
      aim: aims[variant as keyof typeof aims],
    },
    { what: 'metadata PostgreSQL', seen: share(after.metadata - before.metadata), aim: '<= 60 %' },
    ...Object.entries(after.tables).map(([table, bytes]) => ({
      what: `size of ${table}`,
      seen: `${megabytes(before.tables[table] ?? 0)} before, ${megabytes(bytes)} after`,
      aim: table === 'health_samples' ? '24 hours of them are kept' : 'flat',
    })),
    {
      what: 'reasons of the last checks',
      seen: await fleet.reasons(),
      aim: isHanging ? `${hanging} timeout` : 'none',
    },
    { what: 'instances without exactly one check', seen: String(await fleet.wrong()), aim: '0' },
  ],
  `node --conditions=toygres-source test/bench/health/health.ts --variant ${variant} --instances ${size} --interval ${intervalSeconds} --seconds ${seconds} --hanging ${hanging}`,
)

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function pause(s: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, s * 1000))
}
