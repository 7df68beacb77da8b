import { call } from './call.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import { handleOf, type OperationHandle } from './operation-handle.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  Connection,
  CreateInstance,
  Instance,
  ListInstances,
  MutationOptions,
  Operation,
  Page,
} from './types.ts'

/** A change was accepted: the instance as it is now, and the operation that carries it out. */
export interface Accepted {
  instance: Instance
  operation: OperationHandle
}

/** PostgreSQL servers. Where an instance is asked for, its id serves as well as its name. */
export interface Instances {
  /**
   * Asks for a new instance. It can be used when `operation.wait()` resolves.
   * @throws {ConflictError} `INSTANCE_NAME_TAKEN`
   * @throws {InvalidInputError} when the name or the version breaks a rule
   */
  create(input: CreateInstance, options?: MutationOptions): Promise<Accepted>
  /** @throws {NotFoundError} `INSTANCE_NOT_FOUND` */
  get(idOrName: string, options?: CallOptions): Promise<Instance>
  /** The instances, newest first, a page at a time. */
  list(filter?: ListInstances, options?: CallOptions): Promise<Page<Instance>>
  /**
   * Asks for an instance and its data to be removed, for good. Stops what else runs on it first.
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  delete(idOrName: string, options?: MutationOptions): Promise<Accepted>
  /**
   * Reveals how to log in, password included. The control plane keeps a record of it.
   * @throws {ConflictError} `INSTANCE_NOT_RUNNING`
   */
  connection(idOrName: string, options?: CallOptions): Promise<Connection>
}

export function instancesOf(transport: Transport): Instances {
  function accepted(answer: { instance: Instance; operation: Operation } | { plan: unknown }): Accepted {
    if ('plan' in answer) throw new Error('BUG: a plan that nobody asked for')
    return { instance: answer.instance, operation: handleOf(transport, answer.operation) }
  }

  return {
    async create(input, { signal, idempotencyKey = newIdempotencyKey() } = {}) {
      const request = { ...input, idempotencyKey }
      return accepted(
        await call(transport, (rpc, options) => rpc.instances.create.mutate(request, options), { signal }),
      )
    },
    get: (id, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.instances.get.query({ id }, options), { signal }),
    list: (filter = {}, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.instances.list.query(filter, options), { signal }),
    async delete(id, { signal, idempotencyKey = newIdempotencyKey() } = {}) {
      const request = { id, idempotencyKey }
      return accepted(
        await call(transport, (rpc, options) => rpc.instances.delete.mutate(request, options), { signal }),
      )
    },
    connection: (id, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.instances.connection.query({ id }, options), { signal }),
  }
}
