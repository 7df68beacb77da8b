import { call } from './call.ts'
import { OperationFailedError, type ToygresError, WaitTimeoutError } from './errors.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, Operation, OperationEvent } from './types.ts'
import { watchOperation } from './watch-operation.ts'

/** How to watch an operation. */
export interface WatchOptions {
  /** Leaves out the events up to this one. */
  afterSeq?: number | undefined
  /** Ends the watching: the iteration throws the signal's reason. The operation goes on. */
  signal?: AbortSignal | undefined
}

/** How to wait for an operation. */
export interface WaitOptions {
  /** Is given every event of the operation, from its first, in order, each once. */
  onProgress?: ((event: OperationEvent) => void) | undefined
  /** Is told that the control plane cannot be reached, and why; with null when it answers again. */
  onAway?: ((why: ToygresError | null) => void) | undefined
  /** Gives the waiting up: it rejects with the signal's reason. The operation goes on. */
  signal?: AbortSignal | undefined
  /** Gives the waiting up after this many milliseconds, with a `WaitTimeoutError`. The operation goes on. */
  timeoutMs?: number | undefined
}

/** An operation as it stood when it was fetched, and what can be done with it. As JSON it is the plain operation. */
export interface OperationHandle extends Operation {
  /**
   * Waits until it has ended and resolves with it as it ended. Network failures and restarts of the control plane
   * are waited out.
   * @throws {OperationFailedError} when it ended as `failed` or `cancelled`
   * @throws {WaitTimeoutError} when it had not ended after `timeoutMs`
   */
  wait(options?: WaitOptions): Promise<Operation>
  /** Every event of it, in order, each once, until it has ended. */
  events(options?: WatchOptions): AsyncIterable<OperationEvent>
  /**
   * Asks it to stop, and answers at once; it ends as `cancelled` when what it did is undone.
   * @throws {ConflictError} when it has ended already, or cannot be cancelled
   */
  cancel(options?: CallOptions): Promise<Operation>
  /** The plain operation. */
  toJSON(): Operation
}

export function handleOf(transport: Transport, operation: Operation): OperationHandle {
  const { id } = operation

  const events = (options: WatchOptions & Pick<WaitOptions, 'onAway'> = {}) =>
    watchOperation(transport, id, { ...options, patient: true })

  async function ended({ onProgress, onAway, signal }: WaitOptions): Promise<Operation> {
    for await (const event of events({ onAway, signal })) onProgress?.(event)
    return call(transport, (rpc, options) => rpc.operations.get.query({ id }, options), {
      signal,
      patient: true,
    })
  }

  async function wait({ timeoutMs, signal, ...telling }: WaitOptions = {}): Promise<Operation> {
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
    const stop =
      timeout === undefined || signal === undefined ? (timeout ?? signal) : AbortSignal.any([timeout, signal])
    const end = await ended({ ...telling, signal: stop }).catch((error: unknown) => {
      throw timeoutMs !== undefined && error === timeout?.reason ? new WaitTimeoutError(id, timeoutMs) : error
    })
    if (end.state !== 'succeeded') throw new OperationFailedError(end)
    return end
  }

  const verbs = {
    wait,
    events,
    cancel: ({ signal }: CallOptions = {}) =>
      call(transport, (rpc, options) => rpc.operations.cancel.mutate({ id }, options), { signal }),
    toJSON: () => operation,
  }
  return withHidden({ ...operation }, verbs)
}

/** Adds what is no data: it does not show when the object is printed, compared or spread. */
function withHidden<Data extends object, Hidden extends object>(data: Data, hidden: Hidden): Data & Hidden {
  const both = Object.assign(data, hidden)
  for (const key of Object.keys(hidden)) Object.defineProperty(both, key, { enumerable: false })
  return both
}
