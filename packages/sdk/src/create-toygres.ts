import { driftOf, type Drifts } from './drift.ts'
import { healthOf, type HealthChecks } from './health.ts'
import { instancesOf, type Instances } from './instances.ts'
import { keysOf, type Keys } from './keys.ts'
import { operationsOf, type Operations } from './operations.ts'
import { systemOf, type System } from './system.ts'
import { openTransport, type ToygresOptions } from './transport.ts'

/** A client of one control plane. It holds no connection open between calls, so it needs no closing. */
export interface Toygres {
  readonly instances: Instances
  readonly operations: Operations
  readonly health: HealthChecks
  readonly drift: Drifts
  readonly keys: Keys
  readonly system: System
}

/**
 * Makes a client; nothing is sent yet.
 *
 * Calls that fail on the way, or find the control plane unavailable, are made four times at most, half a second or so apart
 * in all; one that is not answered within 30 seconds has failed.
 *
 * @example
 * const toygres = createToygres({ url: 'http://127.0.0.1:7420', apiKey })
 * const { instance, operation } = await toygres.instances.create({ name: 'orders' })
 * await operation.wait({ onProgress: (event) => console.log(event.step, event.state) })
 * const { connectionString } = await toygres.instances.connection(instance.id)
 * @throws {InvalidInputError} when the url or the key cannot be one
 */
export function createToygres(options: ToygresOptions): Toygres {
  const transport = openTransport(options)
  return {
    instances: instancesOf(transport),
    operations: operationsOf(transport),
    health: healthOf(transport),
    drift: driftOf(transport),
    keys: keysOf(transport),
    system: systemOf(transport),
  }
}
