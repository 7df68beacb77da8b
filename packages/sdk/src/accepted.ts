import { call } from './call.ts'
import type { Operation as SentOperation, Planned, Plan } from './generated/types.ts'
import { handleOf, type OperationHandle, type WaitOptions } from './operation-handle.ts'
import type { Transport } from './transport.ts'
import type { Instance, OperationKind } from './types.ts'

/** A change was accepted: the instance as it is now, and the operation that carries it out. */
export interface Accepted<Kind extends OperationKind = OperationKind> {
  instance: Instance
  operation: OperationHandle<Kind>
}

/** A change that may need nothing done: the instance as it is now, and the operation that carries out what takes time; null when nothing does. */
export interface Updated<Kind extends OperationKind = OperationKind> {
  instance: Instance
  operation: OperationHandle<Kind> | null
}

/** A change that was asked for. Awaited, it is what the control plane answers at once. */
export interface Accepting<Kind extends OperationKind = OperationKind> extends Promise<Accepted<Kind>> {
  /**
   * Waits until the change is made and resolves with the instance as it is then.
   * @throws {OperationFailedError} when the operation ended as `failed` or `cancelled`
   * @throws {WaitTimeoutError} when it had not ended after `timeoutMs`
   */
  wait(options?: WaitOptions<Kind>): Promise<Instance>
}

/** A change that was asked for and may need nothing done. Awaited, it is what the control plane answers at once. */
export interface Updating<Kind extends OperationKind = OperationKind> extends Promise<Updated<Kind>> {
  /** Waits until what takes time of it is done, and resolves with the instance as it is then. */
  wait(options?: WaitOptions<Kind>): Promise<Instance>
}

/** The part of an answer that does not depend on what was asked for. */
type Answer<Operation> = { instance: Instance; operation: Operation } | Planned

export function accepting<Kind extends OperationKind>(
  transport: Transport,
  answer: Promise<Answer<SentOperation>>,
): Accepting<Kind> {
  const accepted = answer.then((sent) => {
    const { instance, operation } = notPlanned(sent)
    return { instance, operation: handleOf<Kind>(transport, operation) }
  })
  return waitable(transport, accepted)
}

export function updating<Kind extends OperationKind>(
  transport: Transport,
  answer: Promise<Answer<SentOperation | null>>,
): Updating<Kind> {
  const updated = answer.then((sent) => {
    const { instance, operation } = notPlanned(sent)
    return { instance, operation: operation === null ? null : handleOf<Kind>(transport, operation) }
  })
  return waitable(transport, updated)
}

/** The plan that was asked for in place of the change. */
export async function planned(answer: Promise<object>): Promise<Plan> {
  const sent = await answer
  if ('plan' in sent) return sent.plan as Plan
  throw new Error('BUG: the change was made of which only the plan was asked for')
}

function notPlanned<Sent extends object>(sent: Sent): Exclude<Sent, Planned> {
  if ('plan' in sent) throw new Error('BUG: a plan that nobody asked for')
  return sent as Exclude<Sent, Planned>
}

function waitable<
  Kind extends OperationKind,
  Made extends { instance: Instance; operation: OperationHandle<Kind> | null },
>(
  transport: Transport,
  made: Promise<Made>,
): Promise<Made> & { wait(options?: WaitOptions<Kind>): Promise<Instance> } {
  return Object.assign(made, {
    async wait(options: WaitOptions<Kind> = {}): Promise<Instance> {
      const { instance, operation } = await made
      if (operation === null) return instance
      await operation.wait(options)
      return call(transport, 'instances.get', { id: instance.id }, { signal: options.signal, patient: true })
    },
  })
}
