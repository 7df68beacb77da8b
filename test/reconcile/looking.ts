import { findServer } from '@toygres/local-postgres'
import type { Drift, Operation } from '@toygres/schema'
import { alice, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

/** Newest first, with what is over. */
export const driftOf = async (domain: Domain, instance: string): Promise<Drift[]> =>
  (await domain.plane.drift.list(alice, { instance, includeResolved: true, limit: 50 })).items

/** Newest first. */
export const operationsOf = async (domain: Domain, instance: string): Promise<Operation[]> =>
  (await domain.plane.operations.list(alice, { instance, limit: 50 })).items

export const isIdle = (domain: Domain, id: string): Promise<void> =>
  until(async () => (await domain.plane.instances.get(alice, id)).activeOperationId === null)

/** As the system does for want of memory: no word, no checkpoint. */
export async function killServer(domain: Domain, id: string): Promise<void> {
  const server = await findServer(`${domain.home}/instances/${id}/data`)
  if (server === null) throw new Error(`${id} has no server to kill`)
  process.kill(server.pid, 'SIGKILL')
}

/** Makes every control plane look at everything now. */
export const passNow = (domain: Domain): Promise<void> => domain.restart()
