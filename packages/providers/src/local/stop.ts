import { stopServer } from '@toygres/local-postgres'
import type { InstanceRef } from '../provider.ts'
import type { LocalContext } from './context.ts'

/** Ends the instance's server with a checkpoint, where that takes less than 30 s. Runs under the instance's lock, so that no late `ensure` starts it meanwhile. */
export async function stopInstance(
  { places, reach }: LocalContext,
  { id }: Pick<InstanceRef, 'id'>,
  signal?: AbortSignal,
): Promise<boolean> {
  await reach('stop.begun')
  await stopServer(places.instance(id).data, { signal })
  await reach('stop.server-stopped')
  return true
}
