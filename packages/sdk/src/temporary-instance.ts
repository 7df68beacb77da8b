import type { Accepted } from './accepted.ts'
import { NotFoundError, UnavailableError } from './errors.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import type { Instances } from './instances.ts'
import type { WaitOptions } from './operation-handle.ts'
import type { Connection, CreateInstance, Instance } from './types.ts'

/** How to log in to an instance that is there for a while, and the instance. */
export interface TemporaryInstance extends Connection {
  instance: Instance
}

/** Far longer than making or removing one takes. */
const patienceMs = 10 * 60_000

/**
 * What a temporary instance is made from, and how it is waited for. `signal` ends the work, too: then the instance is removed at once.
 * `timeoutMs` is how long is waited for it to be made, and once more for it to be removed; ten minutes unless told.
 */
export interface TemporaryInstanceOptions
  extends Omit<CreateInstance, 'name'>, WaitOptions<'create-instance'> {}

export async function withTemporaryInstance<Result>(
  instances: Instances,
  work: (temporary: TemporaryInstance) => Result | Promise<Result>,
  { signal, timeoutMs = patienceMs, onProgress, onAway, ...input }: TemporaryInstanceOptions = {},
): Promise<Result> {
  signal?.throwIfAborted()
  const name = `temporary-${newIdempotencyKey().slice(0, 12)}`
  const { operation } = await askedFor(instances, { ...input, name }, timeoutMs)

  async function used(): Promise<Result> {
    await operation.wait({ signal, timeoutMs, onProgress, onAway })
    const instance = await instances.get(name, { signal })
    const connection = await instances.connection(name, { signal })
    return orAborted(Promise.resolve(work({ ...connection, instance })), signal)
  }

  const [result] = await Promise.allSettled([used()])
  const [removal] = await Promise.allSettled([removed(instances, name, timeoutMs)])
  if (result.status === 'fulfilled' && removal.status === 'fulfilled') return result.value
  if (result.status === 'fulfilled') throw (removal as PromiseRejectedResult).reason
  if (removal.status === 'fulfilled') throw result.reason
  throw new AggregateError(
    [result.reason, removal.reason],
    `the work failed, and instance ${name} could not be removed after it: delete it by hand`,
  )
}

/** Not bound by a signal: only its answer tells whether there is something to remove. */
async function askedFor(
  instances: Instances,
  input: CreateInstance,
  timeoutMs: number,
): Promise<Accepted<'create-instance'>> {
  try {
    return await instances.create(input)
  } catch (error) {
    // What was lost may have been the answer, not the request.
    if (error instanceof UnavailableError) await removed(instances, input.name, timeoutMs).catch(() => {})
    throw error
  }
}

/** Not bound by a signal either: one that has ended the work is no reason to leave something behind. */
async function removed(instances: Instances, name: string, timeoutMs: number): Promise<void> {
  try {
    await instances.delete(name).wait({ timeoutMs })
  } catch (error) {
    // Somebody was faster.
    if (!(error instanceof NotFoundError)) throw error
  }
}

/** What the work comes to, or the signal's reason as soon as it is aborted. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason as Error)
  })
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
