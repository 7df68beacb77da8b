import { call } from './call.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import { handleOf, type OperationHandle, type WatchOptions } from './operation-handle.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  ListOperations,
  MutationOptions,
  Operation,
  OperationEvent,
  Page,
} from './types.ts'
import { watchOperation } from './watch-operation.ts'

/** Changes that take time: what is asked for, runs now, or has ended. */
export interface Operations {
  /** @throws {NotFoundError} `OPERATION_NOT_FOUND` */
  get(id: string, options?: CallOptions): Promise<OperationHandle>
  /** The operations, newest first, a page at a time. */
  list(filter?: ListOperations, options?: CallOptions): Promise<Page<Operation>>
  /** Every event of an operation, in order, each once, until it has ended; resumes by itself after an interruption. */
  watch(id: string, options?: WatchOptions): AsyncIterable<OperationEvent>
  /**
   * Asks an operation to stop, and answers at once; it ends as `cancelled` when what it did is undone.
   * @throws {ConflictError} `OPERATION_DONE`, `OPERATION_NOT_CANCELLABLE`
   */
  cancel(id: string, options?: CallOptions): Promise<Operation>
  /**
   * Lets an operation that failed, or is parked, go on from the step that it stopped at; what it undid, it does again. One
   * that could not undo everything tries that again. One that runs is left alone.
   * @throws {ConflictError} `OPERATION_DONE`, `OPERATION_IN_PROGRESS`
   */
  retry(id: string, options?: MutationOptions): Promise<OperationHandle>
}

export function operationsOf(transport: Transport): Operations {
  return {
    async get(id, { signal } = {}) {
      const operation = await call(transport, (rpc, options) => rpc.operations.get.query({ id }, options), {
        signal,
      })
      return handleOf(transport, operation)
    },
    list: (filter = {}, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.operations.list.query(filter, options), { signal }),
    watch: (id, options) => watchOperation(transport, id, options),
    cancel: (id, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.operations.cancel.mutate({ id }, options), { signal }),
    async retry(id, { signal, idempotencyKey = newIdempotencyKey() } = {}) {
      const request = { id, idempotencyKey }
      return handleOf(
        transport,
        await call(transport, (rpc, options) => rpc.operations.retry.mutate(request, options), { signal }),
      )
    },
  }
}
