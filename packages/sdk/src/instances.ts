import { accepting, planned, updating, type Accepting, type Updating } from './accepted.ts'
import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import { readLog } from './read-log.ts'
import type { Transport } from './transport.ts'
import type {
  BulkResult,
  CallOptions,
  ConditionalOptions,
  Connection,
  CreateInstance,
  DeleteItem,
  Instance,
  InstanceChange,
  ListInstances,
  LogLine,
  LogOptions,
  MutationOptions,
  Plan,
  UpdateInstance,
} from './types.ts'
import { watchInstances, type WatchInstancesOptions } from './watch-instances.ts'

/** PostgreSQL servers. Where an instance is asked for, its id serves as well as its name. */
export interface Instances {
  /**
   * Asks for a new instance. It can be used when `wait()`, of this or of `operation`, resolves.
   * @example const instance = await toygres.instances.create({ name: 'orders' }).wait()
   * @throws {ConflictError} `INSTANCE_NAME_TAKEN`
   * @throws {InvalidInputError} when the name or the version breaks a rule
   */
  create(input: CreateInstance, options?: MutationOptions): Accepting<'create-instance'>
  /** @throws {NotFoundError} `INSTANCE_NOT_FOUND` */
  get(idOrName: string, options?: CallOptions): Promise<Instance>
  /** The instances, newest first. */
  list(filter?: ListInstances, options?: CallOptions): Listing<Instance>
  /**
   * Changes settings of an instance. With `etag`, only if nobody else has changed it since.
   * @example await toygres.instances.update('orders', { labels: { team: 'sales' } }, { etag: instance.etag })
   * @throws {ConflictError} `ETAG_MISMATCH`, `OPERATION_IN_PROGRESS`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  update(idOrName: string, changes: UpdateInstance, options?: ConditionalOptions): Updating
  /**
   * Asks for an instance and its data to be removed, for good. Stops what else runs on it first.
   * @throws {ConflictError} `ETAG_MISMATCH`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  delete(idOrName: string, options?: ConditionalOptions): Accepting<'delete-instance'>
  /**
   * Asks for the server of an instance to be stopped; its data, address and password stay. `operation` is null where it is stopped already.
   * @example await toygres.instances.stop('orders').wait()
   * @throws {ConflictError} `INSTANCE_NOT_RUNNING`, `OPERATION_IN_PROGRESS`, `ETAG_MISMATCH`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  stop(idOrName: string, options?: ConditionalOptions): Updating<'stop-instance'>
  /** Asks for a stopped instance to run again, on the address that it had. `operation` is null where it runs already. */
  start(idOrName: string, options?: ConditionalOptions): Updating<'start-instance'>
  /** What `create` would do: everything is checked, and nothing is done (`validateOnly`). */
  planCreate(input: CreateInstance, options?: CallOptions): Promise<Plan>
  /** What `update` would do. */
  planUpdate(idOrName: string, changes: UpdateInstance, options?: PlanOptions): Promise<Plan>
  /** What `delete` would do. */
  planDelete(idOrName: string, options?: PlanOptions): Promise<Plan>
  /** What `stop` would do. */
  planStop(idOrName: string, options?: PlanOptions): Promise<Plan>
  /** What `start` would do. */
  planStart(idOrName: string, options?: PlanOptions): Promise<Plan>
  /**
   * Asks for up to 500 new instances. Each has a result of its own, in their order: the instance and its operation, or an `error`.
   * @example const results = await toygres.instances.createMany([{ name: 'orders' }, { name: 'billing' }])
   */
  createMany(items: readonly CreateInstance[], options?: MutationOptions): Promise<BulkResult[]>
  /** Asks for up to 500 instances to be removed, with a result for each, in their order. */
  deleteMany(items: readonly DeleteItem[], options?: MutationOptions): Promise<BulkResult[]>
  /**
   * Every instance as it changes, until the signal says stop; interruptions are waited out. Begins with a `reset`, and
   * has another where changes may have been missed: what was listed before is to be listed again then.
   */
  watch(options?: WatchInstancesOptions): AsyncIterable<InstanceChange>
  /** The last lines that the server of an instance wrote; with `follow`, each new one as it comes, until the signal says stop. */
  logs(idOrName: string, options?: LogOptions): AsyncIterable<LogLine>
  /**
   * Reveals how to log in, password included: what `postgres(...)` and `new pg.Client(...)` take as it is. The control plane keeps a
   * record of it.
   * @throws {ConflictError} `INSTANCE_NOT_RUNNING`
   */
  connection(idOrName: string, options?: CallOptions): Promise<Connection>
}

/** Five hundred take a while longer than one. */
const manyTakeMs = 60_000

/** What the plan of a change takes. */
export type PlanOptions = Omit<ConditionalOptions, 'idempotencyKey'>

export function instancesOf(transport: Transport): Instances {
  return {
    create: (input, options) => accepting(transport, call(transport, 'instances.create', input, options)),
    get: (id, options) => call(transport, 'instances.get', { id }, options),
    list: (filter, options) =>
      listing((from) => call(transport, 'instances.list', { ...filter, ...from }, options)),
    update: (id, changes, { etag, ...options } = {}) =>
      updating(transport, call(transport, 'instances.update', { id, etag, ...changes }, options)),
    delete: (id, { etag, ...options } = {}) =>
      accepting(transport, call(transport, 'instances.delete', { id, etag }, options)),
    stop: (id, { etag, ...options } = {}) =>
      updating(transport, call(transport, 'instances.stop', { id, etag }, options)),
    start: (id, { etag, ...options } = {}) =>
      updating(transport, call(transport, 'instances.start', { id, etag }, options)),
    planCreate: (input, options) =>
      planned(call(transport, 'instances.create', { ...input, validateOnly: true }, options)),
    planUpdate: (id, changes, { etag, ...options } = {}) =>
      planned(call(transport, 'instances.update', { id, etag, ...changes, validateOnly: true }, options)),
    planDelete: (id, { etag, ...options } = {}) =>
      planned(call(transport, 'instances.delete', { id, etag, validateOnly: true }, options)),
    planStop: (id, { etag, ...options } = {}) =>
      planned(call(transport, 'instances.stop', { id, etag, validateOnly: true }, options)),
    planStart: (id, { etag, ...options } = {}) =>
      planned(call(transport, 'instances.start', { id, etag, validateOnly: true }, options)),
    async createMany(items, options) {
      const bounds = { ...options, takesMs: manyTakeMs }
      return (await call(transport, 'instances.createMany', { items: [...items] }, bounds)).results
    },
    async deleteMany(items, options) {
      const bounds = { ...options, takesMs: manyTakeMs }
      return (await call(transport, 'instances.deleteMany', { items: [...items] }, bounds)).results
    },
    watch: (options) => watchInstances(transport, options),
    logs: (id, options) => readLog(transport, id, options),
    connection: (id, options) => call(transport, 'instances.connection', { id }, options),
  }
}
