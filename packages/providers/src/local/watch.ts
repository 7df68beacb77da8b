import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { InstanceId } from '@toygres/schema'
import { makePassableDirectory, namesIn, pruneLogs, serverAccount } from '@toygres/local-postgres'
import type { LocalContext } from './context.ts'
import { watchDeaths } from './deaths.ts'

/** Tells when the objects of an instance change on disk, `postmaster.pid` above all, and when a server ends, whoever started it. */
export async function watchObjects(
  { places, changed }: LocalContext,
  onChange: (id: InstanceId) => void,
): Promise<AsyncDisposable> {
  const directories = new Map<string, FSWatcher>()
  let closed = false

  const listen = (directory: string, onChange: (name: string | null) => void) => {
    if (closed || directories.has(directory)) return
    try {
      const watcher = watch(directory, (_, name) => onChange(name))
      const forget = () => {
        watcher.close()
        directories.delete(directory)
      }
      watcher.on('error', forget)
      directories.set(directory, watcher)
    } catch {
      // Not there, and its parent tells when it comes; or the system has no watches left, and then the polls of
      // those who wait make up for it, as they do for all that is not heard of.
    }
  }
  const forgetBelow = (directory: string) => {
    for (const [path, watcher] of directories) {
      if (path !== directory && !path.startsWith(`${directory}/`)) continue
      watcher.close()
      directories.delete(path)
    }
  }

  const listenToInstance = (id: InstanceId) => {
    const place = places.instance(id)
    const listenBelow = () => {
      listen(place.data, () => changed.emit(id))
      listen(place.log, () => void pruneLogs(place.log).catch(() => {}))
    }
    listen(place.directory, (name) => {
      // A new one of the same name is another directory.
      if (name === 'data') forgetBelow(place.data)
      listenBelow()
      changed.emit(id)
    })
    listenBelow()
  }
  const onInstances = (name: string | null) => {
    const id = InstanceId.safeParse(name)
    if (!id.success) return
    forgetBelow(join(places.instances, id.data))
    listenToInstance(id.data)
    changed.emit(id.data)
  }

  const deaths = watchDeaths(places, (id) => changed.emit(id))
  const subscription = changed.subscribe((id) => {
    void deaths.look(id)
    onChange(id)
  })
  await makePassableDirectory(places.home, await serverAccount())
  await makePassableDirectory(places.instances, await serverAccount())
  listen(places.instances, onInstances)
  for (const name of await namesIn(places.instances)) {
    const id = InstanceId.safeParse(name)
    if (!id.success) continue
    listenToInstance(id.data)
    await deaths.look(id.data)
  }
  return {
    [Symbol.asyncDispose]: async () => {
      closed = true
      subscription[Symbol.dispose]()
      deaths[Symbol.dispose]()
      for (const watcher of directories.values()) watcher.close()
    },
  }
}
