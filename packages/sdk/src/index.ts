export { createToygres, type Toygres } from './create-toygres.ts'
export {
  ConflictError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  OperationFailedError,
  PermissionDeniedError,
  RateLimitedError,
  ToygresError,
  UnauthenticatedError,
  UnavailableError,
  WaitTimeoutError,
  type ToygresErrorCode,
  type ToygresErrorOptions,
} from './errors.ts'
export type { Audit } from './audit.ts'
export type { Drifts } from './drift.ts'
export type { HealthChecks, HealthSettings } from './health.ts'
export type { Accepted, Accepting, Updated, Updating } from './accepted.ts'
export type { Instances, PlanOptions } from './instances.ts'
export type { Listing } from './listing.ts'
export type { Keys } from './keys.ts'
export type { OperationHandle, WaitOptions, WatchOptions } from './operation-handle.ts'
export type { GetOperationOptions, Operations } from './operations.ts'
export type { Projects } from './projects.ts'
export type { System } from './system.ts'
export type { TemporaryInstance, TemporaryInstanceOptions } from './temporary-instance.ts'
export type { Webhooks } from './webhooks.ts'
export type { WatchInstancesOptions } from './watch-instances.ts'
export type { ToygresOptions } from './transport.ts'
export type {
  ApiKey,
  AuditEntry,
  BulkResult,
  CallOptions,
  ConditionalOptions,
  Connection,
  CreateApiKey,
  CreatedApiKey,
  CreatedWebhook,
  CreateWebhook,
  CreateInstance,
  CreateProject,
  DeleteItem,
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
  InstanceChange,
  InstanceState,
  ItemError,
  Labels,
  ListDrift,
  ListApiKeys,
  ListAudit,
  ListInstances,
  ListOperations,
  ListProjects,
  ListWebhooks,
  LogLine,
  LogOptions,
  MutationOptions,
  Operation,
  OperationError,
  OperationEvent,
  OperationKind,
  OperationState,
  OperationStep,
  Page,
  PageRequest,
  Plan,
  PlannedChange,
  PlannedStep,
  PostgresVersion,
  Project,
  Quota,
  QuotaUse,
  Role,
  RotateApiKey,
  StepName,
  StepState,
  SystemActivity,
  SystemHealth,
  SystemStatus,
  UpdateInstance,
  UpdateProject,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryFilter,
  WebhookEventKind,
  WorkflowGraph,
} from './types.ts'
