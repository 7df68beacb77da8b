export { crashPoints, type CrashPoint, type Reach } from './crash-points.ts'
export {
  workflowsOn,
  type InTransaction,
  type Step,
  type StepContext,
  type TransactStep,
  type UndoContext,
  type Workflow,
} from './define.ts'
export { hours, milliseconds, minutes, seconds } from './duration.ts'
export { Engine, type EngineOptions } from './engine.ts'
export {
  listOperations,
  readOperation,
  type EventRecord,
  type OperationRecord,
  type StepRecord,
} from './history.ts'
export { newId } from './ids.ts'
export type { Logger } from './logger.ts'
export { isDone, type OperationState } from './operation.ts'
export { again, PermanentError, type Again } from './outcome.ts'
export { createStepQueue, stepQueue } from './queue.ts'
export { type RetryPolicy } from './retry-policy.ts'
export { isConnectionLoss, isTransient } from './sql-errors.ts'
export { OperationInProgress, type ActiveOperation } from './start.ts'
