export { createToygres, type Toygres } from './create-toygres.ts'
export {
  ConflictError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  OperationFailedError,
  PermissionDeniedError,
  ToygresError,
  UnauthenticatedError,
  UnavailableError,
  WaitTimeoutError,
  type ToygresErrorCode,
  type ToygresErrorOptions,
} from './errors.ts'
export type { Drifts } from './drift.ts'
export type { HealthChecks, HealthSettings } from './health.ts'
export type { Accepted, Instances } from './instances.ts'
export type { Keys } from './keys.ts'
export type { OperationHandle, WaitOptions, WatchOptions } from './operation-handle.ts'
export type { Operations } from './operations.ts'
export type { System } from './system.ts'
export type { ToygresOptions } from './transport.ts'
export type {
  ApiKey,
  CallOptions,
  Connection,
  CreateApiKey,
  CreatedApiKey,
  CreateInstance,
  Drift,
  DriftKind,
  ErrorCode,
  FieldError,
  Health,
  HealthEvent,
  HealthHistory,
  HealthHistoryRange,
  HealthPoint,
  HealthReason,
  HealthResolution,
  HealthStatus,
  Instance,
  InstanceState,
  ListDrift,
  ListApiKeys,
  ListInstances,
  ListOperations,
  MutationOptions,
  Operation,
  OperationEvent,
  OperationState,
  OperationStep,
  Page,
  PageRequest,
  PostgresVersion,
  SystemHealth,
  SystemStatus,
} from './types.ts'
