import { resolve } from 'node:path'
import type { InstanceId, PostgresVersion } from '@toygres/schema'
import {
  type Installation,
  installPostgres,
  makePassableDirectory,
  refillSpare,
  serverAccount,
  readLog,
  withLock,
} from '@toygres/local-postgres'
import type { InstanceProvider } from '../provider.ts'
import { changes } from '../changes.ts'
import { diskUnder } from './disk.ts'
import type { LocalContext } from './context.ts'
import type { Reach } from './crash-points.ts'
import { ensureObjects } from './ensure.ts'
import { listObjects } from './list.ts'
import { observeObjects } from './observe.ts'
import { placesIn } from './places.ts'
import { type PortRange, defaultPortRange, portReservations } from './ports.ts'
import { asProviderError } from './provider-error.ts'
import { removeObjects } from './remove.ts'
import { stopInstance } from './stop.ts'
import { watchObjects } from './watch.ts'

export interface LocalProviderOptions {
  /** Where everything is kept; on one file system, and reachable for the user `toygres` when we are root. */
  readonly home: string
  readonly portRange?: PortRange
  /** Id of the control plane whose instances these are, written down with them. Without one, nothing is marked, and nothing is another's. */
  readonly owner?: string
  /** For tests: see `localCrashPoints`. */
  readonly reach?: Reach
}

export interface LocalProvider extends InstanceProvider, AsyncDisposable {
  /** Makes the first create of a version as fast as the next ones. */
  prepare(version: PostgresVersion): Promise<void>
  /** Ends what goes on in the background. Servers run on. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Instances as PostgreSQL servers on this machine, on the loopback address, which outlive this process. */
export function createLocalProvider(options: LocalProviderOptions): LocalProvider {
  const home = resolve(options.home)
  const places = placesIn(home)
  const stock = stockroom()
  const context: LocalContext = {
    places,
    owner: options.owner,
    ports: portReservations(places.ports, options.portRange ?? defaultPortRange),
    changed: changes(),
    reach: options.reach ?? (() => {}),
    restock: stock.refill,
  }

  const refusals = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw asProviderError(error, home)
    })
  const locked = <T>(id: InstanceId, signal: AbortSignal | undefined, work: () => Promise<T>) =>
    refusals(
      // The lock lies in the home, which must be ours before something of ours is in it.
      serverAccount()
        .then((account) => makePassableDirectory(home, account))
        .then(() => withLock(places.instance(id).lock, work, { signal })),
    )

  return {
    name: 'local',
    operationsAtOnce: 32,
    ensure: (spec, { signal } = {}) => locked(spec.id, signal, () => ensureObjects(context, spec, signal)),
    stop: (instance, { signal } = {}) =>
      locked(instance.id, signal, () => stopInstance(context, instance, signal)),
    remove: (instance, { signal } = {}) =>
      locked(instance.id, signal, () => removeObjects(context, instance, signal)),
    observe: (instance, { signal } = {}) => refusals(observeObjects(context, instance, signal)),
    list: ({ signal } = {}) => refusals(listObjects(context, signal)),
    disk: ({ id }) => diskUnder(places.instance(id).data),
    logs: ({ id }, options) => readLog(places.instance(id).log, options),
    watch: (onChange) => refusals(watchObjects(context, onChange)),
    prepare: async (version) => {
      await refusals(installPostgres(home, version).then(refillSpare))
    },
    [Symbol.asyncDispose]: stock.close,
  }
}

/** Replaces the spare data directory that a create used up. */
function stockroom() {
  const refills = new Set<Promise<void>>()
  return {
    refill: (installation: Installation) => {
      // Without a spare a create is slower, and says itself what is wrong with the disk.
      const work = refillSpare(installation).catch(() => {})
      refills.add(work)
      void work.then(() => refills.delete(work))
    },
    close: async () => {
      await Promise.all(refills)
    },
  }
}
