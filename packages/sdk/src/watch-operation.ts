import { delayMs, pause } from './backoff.ts'
import { call, type CallBounds } from './call.ts'
import type { ToygresError } from './errors.ts'
import { mayResume, openStream } from './event-stream.ts'
import type { Transport } from './transport.ts'
import type { OperationEvent, OperationKind } from './types.ts'

export interface WatchBounds {
  afterSeq?: number | undefined
  signal?: AbortSignal | undefined
  /** Where the operation came from the control plane, that can be reached: from the start on, interruptions are waited out. */
  patient?: boolean
  /** Is told when the control plane is lost sight of, and with null when it answers again. */
  onAway?: ((why: ToygresError | null) => void) | undefined
}

/**
 * Every event of an operation after `afterSeq`, in order, none lost or repeated, until it has ended. Resumes after what
 * it has seen when the network fails or the control plane restarts, until the signal says stop.
 */
export async function* watchOperation<Kind extends OperationKind>(
  transport: Transport,
  id: string,
  { afterSeq = 0, signal, patient = false, onAway }: WatchBounds = {},
): AsyncGenerator<OperationEvent<Kind>, void> {
  let seq = afterSeq
  let failures = 0
  let wasDone = false
  let away = false
  let lost = false
  const onOpen = () => {
    patient = true
  }
  const sayBack = () => {
    away = false
    onAway?.(null)
  }
  const connect = () =>
    openStream(
      transport,
      'operations.watch',
      { id, lastEventId: String(seq) },
      { signal, onOpen },
    ) as AsyncIterable<OperationEvent<Kind>>
  for (;;) {
    let [atOnce, answered] = [false, false]
    try {
      // A stream opens also where nothing can be read for it, and is refused also by who answers questions.
      if (lost) {
        await isDone(transport, id, { signal })
        answered = true
        if (away) sayBack()
      }
      const begunAt = seq
      let ended = false
      for await (const event of connect()) {
        if (event.seq <= seq) continue
        seq = event.seq
        failures = 0
        lost = answered = false
        yield event
        ended = isEnd(event)
      }
      // One that failed may have been tried again: it was the end only where the control plane has nothing to add.
      if (ended) return
      // It ended without the last event: that was before `afterSeq`, or the control plane is on its way down. Only a
      // stream that was opened after the end of the operation, and was empty, proves that there is nothing more.
      if (wasDone && seq === begunAt) return
      wasDone = await isDone(transport, id, { signal, patient })
      atOnce = wasDone
    } catch (error) {
      signal?.throwIfAborted()
      if (!mayResume(error, failures + 1, patient)) throw error
      lost = true
      if (!away && !answered) {
        away = true
        onAway?.(error)
      }
    }
    if (!atOnce) await pause(delayMs(++failures), signal)
  }
}

async function isDone(transport: Transport, id: string, bounds: CallBounds): Promise<boolean> {
  const { done } = await call(transport, 'operations.get', { id }, bounds)
  return done
}

function isEnd({ step, operationState }: OperationEvent): boolean {
  return step === null && /^(succeeded|failed|cancelled)$/.test(operationState)
}
