import { auditOf, type Audit } from './audit.ts'
import { driftOf, type Drifts } from './drift.ts'
import { healthOf, type HealthChecks } from './health.ts'
import { instancesOf, type Instances } from './instances.ts'
import { keysOf, type Keys } from './keys.ts'
import { operationsOf, type Operations } from './operations.ts'
import { projectsOf, type Projects } from './projects.ts'
import { systemOf, type System } from './system.ts'
import {
  withTemporaryInstance,
  type TemporaryInstance,
  type TemporaryInstanceOptions,
} from './temporary-instance.ts'
import { openTransport, type ToygresOptions } from './transport.ts'
import { webhooksOf, type Webhooks } from './webhooks.ts'

/** A client of one control plane. It holds no connection open between calls, so it needs no closing. */
export interface Toygres {
  readonly instances: Instances
  readonly operations: Operations
  readonly health: HealthChecks
  readonly drift: Drifts
  readonly keys: Keys
  readonly projects: Projects
  readonly webhooks: Webhooks
  readonly audit: Audit
  readonly system: System
  /**
   * Makes an instance, hands it to the work, and removes it when the work has ended: well, by an error, or because `signal` was
   * aborted. For tests that want a PostgreSQL of their own.
   * @example
   * await toygres.withTemporaryInstance(async ({ connectionString }) => {
   *   const sql = postgres(connectionString)
   *   ...
   * })
   */
  withTemporaryInstance<Result>(
    work: (temporary: TemporaryInstance) => Result | Promise<Result>,
    options?: TemporaryInstanceOptions,
  ): Promise<Result>
}

/**
 * Makes a client; nothing is sent yet.
 *
 * Calls that fail on the way, or find the control plane unavailable, are made four times at most, half a second or so apart
 * in all; one that is not answered within 30 seconds has failed.
 *
 * @example
 * const toygres = createToygres({ url: 'http://127.0.0.1:7420', apiKey })
 * const instance = await toygres.instances.create({ name: 'orders' }).wait()
 * const { connectionString } = await toygres.instances.connection(instance.id)
 * @throws {InvalidInputError} when the url or the key cannot be one
 */
export function createToygres(options: ToygresOptions): Toygres {
  const transport = openTransport(options)
  const instances = instancesOf(transport)
  return {
    instances,
    operations: operationsOf(transport),
    health: healthOf(transport),
    drift: driftOf(transport),
    keys: keysOf(transport),
    projects: projectsOf(transport),
    webhooks: webhooksOf(transport),
    audit: auditOf(transport),
    system: systemOf(transport),
    withTemporaryInstance: (work, options) => withTemporaryInstance(transport, instances, work, options),
  }
}
