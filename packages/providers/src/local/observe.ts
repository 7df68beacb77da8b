import {
  type RunningServer,
  checkDataDirectory,
  endedInGoodOrder,
  explainLastStart,
  findServer,
  isThere,
  isAccepting,
  isPortFree,
  portTaken,
} from '@toygres/local-postgres'
import { type InstanceRef, type Observation, ProviderError } from '../provider.ts'
import type { LocalContext } from './context.ts'
import { type InstanceRecord, readRecord } from './instance-record.ts'
import type { InstancePlace } from './places.ts'
import { asProviderError } from './provider-error.ts'

/** Looks at each object of the instance; changes nothing. */
export async function observeObjects(
  context: LocalContext,
  { id }: Pick<InstanceRef, 'id'>,
  signal?: AbortSignal,
): Promise<Observation> {
  const place = context.places.instance(id)
  try {
    const record = await readRecord(place)
    if (record?.hasData) return await observeServer(place, record, signal)
    if (record || (await isThere(place.directory)) || (await context.ports.of(id)).length > 0) {
      return {
        phase: 'partial',
        detail: 'its data is not there: it was not made, or not removed, to the end',
      }
    }
    return { phase: 'absent' }
  } catch (error) {
    return failed(asProviderError(error, context.places.home))
  }
}

async function observeServer(
  place: InstancePlace,
  record: InstanceRecord,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const server = await findServer(place.data)
  if (server) {
    return (await isAccepting(server, signal))
      ? { phase: 'ready', address: { host: '127.0.0.1', port: record.port } }
      : { phase: 'starting', detail: explanations[server.status] }
  }
  if (!(await isThere(place.data))) return { phase: 'partial', detail: 'its data is not where it was' }
  await checkDataDirectory(place.data, record.version)
  // First the port as it is now: what the log says of it may be over.
  if (!(await isPortFree(record.port))) throw portTaken(record.port)
  const failure = await explainLastStart(place.server(record.port))
  if (failure && failure.code !== 'PORT_TAKEN') throw failure
  const inGoodOrder = await endedInGoodOrder(place.data)
  return { phase: 'stopped', detail: 'its server does not run', ...(inGoodOrder && { inGoodOrder }) }
}

/** What a server that takes no logins says of itself; one that hangs has said last that it was ready. */
const explanations: Readonly<Record<RunningServer['status'], string>> = {
  starting: 'its server is starting',
  stopping: 'its server is stopping',
  standby: 'its server is a standby',
  ready: 'its server runs, and does not answer',
}

function failed(error: unknown): Observation {
  if (!(error instanceof ProviderError)) throw error
  return { phase: 'failed', code: error.code, detail: error.message }
}
