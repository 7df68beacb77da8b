import { InstanceId } from '@toygres/schema'
import { changedConfiguration, namesIn } from '@toygres/local-postgres'
import type { FoundInstance, Observation } from '../provider.ts'
import type { LocalContext } from './context.ts'
import { readRecord } from './instance-record.ts'
import { observeObjects } from './observe.ts'

/** Stands for the name of an instance that did not get as far as having its name written down. */
const unnamed = 'unknown'
const atOnce = 16

/** Every instance that has a directory or a port, whatever else of it is there. */
export async function listObjects(context: LocalContext, signal?: AbortSignal): Promise<FoundInstance[]> {
  const names = [...(await namesIn(context.places.instances)), ...(await context.ports.owners())]
  const ids = [...new Set(names)].filter((name): name is InstanceId => InstanceId.safeParse(name).success)
  const found: FoundInstance[] = []
  for (let from = 0; from < ids.length; from += atOnce) {
    signal?.throwIfAborted()
    const batch = ids.slice(from, from + atOnce)
    found.push(...(await Promise.all(batch.map((id) => find(context, id, signal)))))
  }
  return found.filter(({ observation }) => observation.phase !== 'absent')
}

async function find(context: LocalContext, id: InstanceId, signal?: AbortSignal): Promise<FoundInstance> {
  const place = context.places.instance(id)
  const [record, changed, observation] = await Promise.all([
    readRecord(place).catch(() => null),
    // What cannot be read is for the observation to say.
    changedConfiguration(place.data, place.configuration).catch(() => []),
    observeObjects(context, { id }, signal).catch((error: unknown): Observation => {
      signal?.throwIfAborted()
      // Whatever is wrong with one must not hide the others.
      return { phase: 'failed', code: 'START_FAILED', detail: `it cannot be looked at: ${String(error)}` }
    }),
  ])
  return {
    id,
    name: record?.name ?? unnamed,
    observation,
    isAnothers: context.owner !== undefined && record?.owner !== undefined && record.owner !== context.owner,
    changes: changed.map((name) => `somebody has changed ${name}`),
  }
}
