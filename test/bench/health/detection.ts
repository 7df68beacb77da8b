import { findServer } from '@toygres/local-postgres'
import { startControlPlane } from '../../harness/control-plane/index.ts'
import { until } from '../../harness/until.ts'
import { percentile, printFigures, spread } from '../figures.ts'

// From the SIGKILL of a local server to the moment at which metadata calls its instance unhealthy. No check would find out for an hour.
const rounds = Number(process.argv[2] ?? 20)

await using plane = await startControlPlane()
const toygres = await plane.sdk()
const detected: number[] = []
const repaired: number[] = []
for (let round = 0; round < rounds; round++) {
  const { instance, operation } = await toygres.instances.create({ name: `victim-${round}` })
  await operation.wait()
  await until(async () => (await toygres.instances.get(instance.id)).healthStatus === 'healthy')
  await toygres.health.configure(instance.id, { checkIntervalSeconds: 3600 })
  const server = await findServer(`${plane.home}/instances/${instance.id}/data`)
  if (!server) throw new Error(`victim-${round} has no server`)
  // One clock: everything runs on this machine.
  const killedAt = Date.now()
  process.kill(server.pid, 'SIGKILL')
  const known = await timeOf(instance.id, 'unhealthy', killedAt)
  detected.push(known - killedAt)
  repaired.push((await timeOf(instance.id, 'healthy', known)) - killedAt)
  await (await toygres.instances.delete(instance.id)).operation.wait()
}
printFigures(
  [
    { what: 'killed to known as unhealthy', seen: spread(detected) },
    { what: '... longest', seen: `${percentile(detected, 1)} ms`, aim: '<= 2000 ms' },
    { what: 'killed to healthy again', seen: spread(repaired) },
  ],
  `node --conditions=toygres-source test/bench/health/detection.ts ${rounds}`,
)

/** When metadata wrote that its health had changed to this, once it has. */
async function timeOf(id: string, status: string, since: number): Promise<number> {
  let at: number | undefined
  await until(async () => {
    const { items } = await toygres.health.events(id, { limit: 5 })
    at = items.find((event) => event.status === status && event.at.getTime() >= since)?.at.getTime()
    return at !== undefined
  })
  return at ?? Number.NaN
}
