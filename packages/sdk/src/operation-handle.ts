import { bounded } from './bounded.ts'
import { call } from './call.ts'
import { OperationFailedError, type ToygresError, WaitTimeoutError } from './errors.ts'
import type { Operation as SentOperation } from './generated/types.ts'
import type { Transport } from './transport.ts'
import type { MutationOptions, Operation, OperationEvent, OperationKind } from './types.ts'
import { watchOperation } from './watch-operation.ts'

/** How to watch an operation. */
export interface WatchOptions {
  /** Leaves out the events up to this one. */
  afterSeq?: number | undefined
  /** Ends the watching: the iteration throws the signal's reason. The operation goes on. */
  signal?: AbortSignal | undefined
}

/** How to wait for an operation. */
export interface WaitOptions<Kind extends OperationKind = OperationKind> {
  /** Is given every event of the operation, from its first, in order, each once. */
  onProgress?: ((event: OperationEvent<Kind>) => void) | undefined
  /** Is told that the control plane cannot be reached, and why; with null when it answers again. */
  onAway?: ((why: ToygresError | null) => void) | undefined
  /** Gives the waiting up: it rejects with the signal's reason. The operation goes on. */
  signal?: AbortSignal | undefined
  /** Gives the waiting up after this many milliseconds, with a `WaitTimeoutError`. The operation goes on. */
  timeoutMs?: number | undefined
}

/** An operation as it stood when it was fetched, and what can be done with it. As JSON it is the plain operation. */
export interface OperationHandle<Kind extends OperationKind = OperationKind> extends Operation<Kind> {
  /**
   * Waits until it has ended and resolves with it as it ended. Network failures and restarts of the control plane
   * are waited out.
   * @throws {OperationFailedError} when it ended as `failed` or `cancelled`
   * @throws {WaitTimeoutError} when it had not ended after `timeoutMs`
   */
  wait(options?: WaitOptions<Kind>): Promise<Operation<Kind>>
  /** Every event of it, in order, each once, until it has ended. */
  events(options?: WatchOptions): AsyncIterable<OperationEvent<Kind>>
  /**
   * Asks it to stop, and answers at once; it ends as `cancelled` when what it did is undone.
   * @throws {ConflictError} when it has ended already, or cannot be cancelled
   */
  cancel(options?: MutationOptions): Promise<Operation<Kind>>
  /** The plain operation. */
  toJSON(): Operation<Kind>
}

/** The operation that the control plane sent; of this kind, since it was asked for that. */
export function handleOf<Kind extends OperationKind>(
  transport: Transport,
  sent: SentOperation,
): OperationHandle<Kind> {
  const operation = sent as Operation<Kind>
  const { id } = operation

  const events = (options: WatchOptions & Pick<WaitOptions, 'onAway'> = {}) =>
    watchOperation<Kind>(transport, id, { ...options, patient: true })

  async function ended({ onProgress, onAway, signal }: WaitOptions<Kind>): Promise<Operation<Kind>> {
    for await (const event of events({ onAway, signal })) onProgress?.(event)
    return (await call(transport, 'operations.get', { id }, { signal, patient: true })) as Operation<Kind>
  }

  async function endedWithin(timeoutMs: number, options: WaitOptions<Kind>): Promise<Operation<Kind>> {
    const waiting = bounded(options.signal, timeoutMs)
    try {
      return await ended({ ...options, signal: waiting.signal })
    } catch (error) {
      throw waiting.expired ? new WaitTimeoutError(id, timeoutMs) : error
    } finally {
      waiting.release()
    }
  }

  const verbs = {
    async wait(options: WaitOptions<Kind> = {}): Promise<Operation<Kind>> {
      const { timeoutMs } = options
      const end = await (timeoutMs === undefined ? ended(options) : endedWithin(timeoutMs, options))
      if (end.state !== 'succeeded') throw new OperationFailedError(end)
      return end
    },
    events,
    cancel: async (options?: MutationOptions) =>
      (await call(transport, 'operations.cancel', { id }, options)) as Operation<Kind>,
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
