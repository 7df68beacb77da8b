import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import { handleOf, type OperationHandle, type WatchOptions } from './operation-handle.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  ListOperationEvents,
  ListOperations,
  MutationOptions,
  Operation,
  OperationEvent,
  OperationHistoryEvent,
  Page,
  WorkflowGraph,
} from './types.ts'
import { watchOperation } from './watch-operation.ts'

/** Changes that take time: what is asked for, runs now, or has ended. */
export interface Operations {
  /** @throws {NotFoundError} `OPERATION_NOT_FOUND` */
  get(id: string, options?: GetOperationOptions): Promise<OperationHandle>
  /** The operations, newest first. */
  list(filter?: ListOperations, options?: CallOptions): Listing<Operation>
  /** What happened to operations: the newest operation first, and of each the newest event. */
  events(filter?: ListOperationEvents, options?: CallOptions): Listing<OperationHistoryEvent>
  /** The workflow that an operation runs, as a graph of its steps. */
  graph(id: string, options?: CallOptions): Promise<WorkflowGraph>
  /** Every event of an operation, in order, each once, until it has ended; resumes by itself after an interruption. */
  watch(id: string, options?: WatchOptions): AsyncIterable<OperationEvent>
  /**
   * Asks an operation to stop, and answers at once; it ends as `cancelled` when what it did is undone.
   * @throws {ConflictError} `OPERATION_DONE`, `OPERATION_NOT_CANCELLABLE`
   */
  cancel(id: string, options?: MutationOptions): Promise<Operation>
  /**
   * Lets an operation that failed, or is parked, go on from the step that it stopped at; what it undid, it does again. One
   * that could not undo everything tries that again. One that runs is left alone.
   * @throws {ConflictError} `OPERATION_DONE`, `OPERATION_IN_PROGRESS`
   */
  retry(id: string, options?: MutationOptions): Promise<OperationHandle>
}

/** How to get an operation. */
export interface GetOperationOptions extends CallOptions {
  /** Answers when it has ended, or after so many seconds with how it stands then: 60 at most, at once unless told. */
  waitSeconds?: number | undefined
}

export function operationsOf(transport: Transport): Operations {
  return {
    get: async (id, { waitSeconds, ...options } = {}) =>
      handleOf(
        transport,
        await call(
          transport,
          'operations.get',
          { id, waitSeconds },
          { ...options, takesMs: (waitSeconds ?? 0) * 1000 },
        ),
      ),
    list: (filter, options) =>
      listing(
        (from) =>
          call(transport, 'operations.list', { ...filter, ...from }, options) as Promise<Page<Operation>>,
      ),
    events: (filter, options) =>
      listing((from) => call(transport, 'operations.events', { ...filter, ...from }, options)),
    graph: (id, options) => call(transport, 'operations.graph', { id }, options),
    watch: (id, options) => watchOperation(transport, id, options),
    cancel: async (id, options) => (await call(transport, 'operations.cancel', { id }, options)) as Operation,
    retry: async (id, options) =>
      handleOf(transport, await call(transport, 'operations.retry', { id }, options)),
  }
}
