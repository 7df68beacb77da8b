import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, killProcessesIn, removeTree, stopServer, syncDirectory } from '@toygres/local-postgres'
import type { InstanceRef } from '../provider.ts'
import type { LocalContext } from './context.ts'
import type { InstancePlace } from './places.ts'

/** With whatever still works there: PostgreSQL in single-user mode, of a control plane that was killed. */
export async function removeHalfMade({ dataHalfMade }: InstancePlace): Promise<void> {
  await killProcessesIn(dataHalfMade)
  await removeTree(dataHalfMade)
}

/** Removes each object of the instance that is there, and names those that are left. Runs under the instance's lock. */
export async function removeObjects(
  { places, ports, reach }: LocalContext,
  { id }: Pick<InstanceRef, 'id'>,
  signal?: AbortSignal,
): Promise<string[]> {
  const place = places.instance(id)
  await reach('remove.begun')
  // What it would write on a slower way out is about to be deleted.
  for (const data of [place.data, place.dataDoomed]) {
    await stopServer(data, { mode: 'immediate', signal })
    // What outlived a server that was killed.
    await killProcessesIn(data)
  }
  await reach('remove.server-stopped')
  signal?.throwIfAborted()
  if (await isThere(place.data)) {
    // From here on it is not complete, so it must not be taken for it.
    await removeTree(place.dataDoomed)
    await rename(place.data, place.dataDoomed)
    await syncDirectory(place.directory)
  }
  await reach('remove.data-unnamed')
  await removeHalfMade(place)
  await Promise.all([place.dataDoomed, place.log].map(removeTree))
  await reach('remove.data-removed')
  // Whatever it has become: what lies in our own directory no server can swap under us.
  await rm(place.record, { recursive: true, force: true })
  await reach('remove.record-removed')
  await removeTree(place.directory)
  await reach('remove.directory-removed')
  await ports.release(id)
  await reach('remove.port-released')
  return [
    ...((await isThere(place.directory)) ? [place.directory] : []),
    ...(await ports.of(id)).map((port) => join(places.ports, String(port))),
  ]
}
