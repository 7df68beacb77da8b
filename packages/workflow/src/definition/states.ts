import type { StepError } from './outcome.ts'

const underWay = ['queued', 'running', 'cancelling', 'undoing', 'parked'] as const
const terminal = ['succeeded', 'failed', 'cancelled'] as const
export type OperationState = (typeof underWay | typeof terminal)[number]

export const stepStates = [
  'pending',
  'running',
  'waiting',
  'retrying',
  'succeeded',
  'failed',
  'undoing',
  'undone',
] as const
export type StepState = (typeof stepStates)[number]

export interface OperationError extends StepError {
  readonly step: string | null
  readonly leftovers: readonly string[]
}

export const isDone = (state: OperationState): boolean => terminal.some((one) => one === state)
