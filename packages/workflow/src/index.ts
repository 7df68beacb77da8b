export type { Limits } from './engine/admission.ts'
export { crashPoints, type CrashPoint, type Reach } from './engine/crash-points.ts'
export {
  workflowsOn,
  type InTransaction,
  type Step,
  type StepContext,
  type TransactStep,
  type UndoContext,
  type Workflow,
} from './definition/define.ts'
export type { GraphEdge, GraphNode, WorkflowGraph } from './definition/graph.ts'
export { Bell } from './bell.ts'
export { hours, milliseconds, minutes, seconds } from './definition/duration.ts'
export { Engine, type EngineOptions } from './engine/engine.ts'
export {
  listEvents,
  listOperations,
  readOperation,
  type EventRecord,
  type OperationRecord,
  type StepRecord,
} from './history/read.ts'
export { newId } from './ids.ts'
export type { Logger } from './logger.ts'
export { isConnectionLoss, isTransient } from './sql-errors.ts'
export { isDone, type OperationState } from './definition/states.ts'
export { again, PermanentError, type Again } from './definition/outcome.ts'
export { createStepQueue, stepQueue } from './engine/queue.ts'
export { type RetryPolicy } from './definition/retry-policy.ts'
export { OperationInProgress, type ActiveOperation } from './engine/start.ts'
