import { accepting, type Accepted } from './accepted.ts'
import { call } from './call.ts'
import { NotFoundError, UnavailableError } from './errors.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import type { Instances } from './instances.ts'
import type { WaitOptions } from './operation-handle.ts'
import type { Transport } from './transport.ts'
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
  transport: Transport,
  instances: Instances,
  work: (temporary: TemporaryInstance) => Result | Promise<Result>,
  { signal, timeoutMs = patienceMs, onProgress, onAway, ...input }: TemporaryInstanceOptions = {},
): Promise<Result> {
  signal?.throwIfAborted()
  const name = `temporary-${newIdempotencyKey().slice(0, 12)}`
  const { operation } = await askedFor(transport, instances, { ...input, name }, timeoutMs)

  async function used(): Promise<Result> {
    await operation.wait({ signal, timeoutMs, onProgress, onAway })
    const instance = await instances.get(name, { signal })
    const connection = await instances.connection(name, { signal })
    return orAborted(Promise.resolve(work({ ...connection, instance })), signal)
  }

  const [result] = await Promise.allSettled([used()])
  const [removal] = await Promise.allSettled([removed(transport, name, timeoutMs, true)])
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
  transport: Transport,
  instances: Instances,
  input: CreateInstance,
  timeoutMs: number,
): Promise<Accepted<'create-instance'>> {
  try {
    return await instances.create(input)
  } catch (error) {
    // What was lost may have been the answer, not the request. Or nobody was ever there: that is to be told soon.
    if (error instanceof UnavailableError)
      await removed(transport, input.name, timeoutMs, false).catch(() => {})
    throw error
  }
}

/**
 * Not bound by a signal either: one that has ended the work is no reason to leave something behind. Nor is a control plane that is just
 * being restarted, to who is patient.
 */
async function removed(
  transport: Transport,
  name: string,
  timeoutMs: number,
  patient: boolean,
): Promise<void> {
  try {
    const asked = call(transport, 'instances.delete', { id: name }, { patient, withinMs: timeoutMs })
    const { operation } = await accepting<'delete-instance'>(transport, asked)
    await operation.wait({ timeoutMs })
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
