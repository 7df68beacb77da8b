import { join } from 'node:path'
import type { InstanceId } from '@toygres/schema'
import type { ServerPlace } from '@toygres/local-postgres'

/** Where the objects of instances are below a home. */
export interface Places {
  readonly home: string
  readonly instances: string
  readonly ports: string
  instance(id: InstanceId): InstancePlace
}

export interface InstancePlace {
  readonly directory: string
  readonly record: string
  readonly data: string
  /** A data directory on its way in: not complete yet. */
  readonly dataHalfMade: string
  /** A data directory on its way out: not complete any more. */
  readonly dataDoomed: string
  /** The configuration as it was made. */
  readonly configuration: string
  readonly log: string
  readonly lock: string
  server(port: number): ServerPlace
}

export function placesIn(home: string): Places {
  const instances = join(home, 'instances')
  return { home, instances, ports: join(home, 'ports'), instance: (id) => placeOf(home, instances, id) }
}

function placeOf(home: string, instances: string, id: InstanceId): InstancePlace {
  const directory = join(instances, id)
  const data = join(directory, 'data')
  const log = join(directory, 'log')
  return {
    directory,
    record: join(directory, 'instance.json'),
    data,
    dataHalfMade: join(directory, 'data.partial'),
    dataDoomed: join(directory, 'data.doomed'),
    configuration: join(directory, 'configuration'),
    log,
    // Not inside the directory, which a removal takes away under the lock.
    lock: join(home, 'locks', `instance-${id}`),
    server: (port) => ({
      dataDirectory: data,
      logDirectory: log,
      startupLog: join(directory, 'startup.log'),
      port,
    }),
  }
}
