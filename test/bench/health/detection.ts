import { findServer } from '@toygres/local-postgres'
import { alice, openDomain } from '../../harness/domain/index.ts'
import { until } from '../../harness/until.ts'
import { percentile, printFigures, spread } from '../figures.ts'

// From the SIGKILL of a local server to the moment at which metadata calls its instance unhealthy. No check would find out for an hour.
const rounds = Number(process.argv[2] ?? 20)

await using domain = await openDomain()
const detected: number[] = []
const repaired: number[] = []
for (let round = 0; round < rounds; round++) {
  const id = await domain.created(`victim-${round}`)
  await until(async () => (await domain.plane.instances.get(alice, id)).healthStatus === 'healthy')
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 3600 })
  const server = await findServer(`${domain.home}/instances/${id}/data`)
  if (server === null || server === undefined) throw new Error(`victim-${round} has no server`)
  // One clock: everything runs on this machine.
  const killedAt = Date.now()
  process.kill(server.pid, 'SIGKILL')
  const event = async (status: string, reason: string | null) =>
    (await domain.plane.health.events(alice, { id, limit: 10 })).items.find(
      (one) => one.status === status && one.reason === reason && one.at.getTime() >= killedAt,
    )
  await until(async () => (await event('healthy', null)) !== undefined)
  detected.push(((await event('unhealthy', 'server-down'))?.at.getTime() ?? Number.NaN) - killedAt)
  repaired.push(((await event('healthy', null))?.at.getTime() ?? Number.NaN) - killedAt)
  const { operation } = await domain.plane.instances.delete(alice, { id })
  await domain.ended(operation.id)
}
printFigures(
  [
    { what: 'killed to known as unhealthy', seen: spread(detected) },
    { what: '... longest', seen: `${percentile(detected, 1)} ms`, aim: '<= 2000 ms' },
    { what: 'killed to healthy again', seen: spread(repaired) },
  ],
  `node --conditions=toygres-source test/bench/health/detection.ts ${rounds}`,
)
