import type { OperationEvent, OperationStep, Principal } from '@toygres/schema'

/** For whom something is told. */
type Reader = Pick<Principal, 'system'>

/** On which machine a control plane runs is its operator's to know: others see that a step runs, and since when. */
export function runFor({ system }: Reader, run: OperationStep['run']): OperationStep['run'] {
  return run === null || system ? run : { ...run, host: null, pid: null }
}

/** The engine names the process that died, and where. */
export function eventFor<Event extends Pick<OperationEvent, 'code' | 'message'>>(
  { system }: Reader,
  event: Event,
): Event {
  if (system || event.code !== 'TAKEN_OVER') return event
  return { ...event, message: 'taken over from a process that is gone, or could not record how it ended' }
}
