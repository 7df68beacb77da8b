import type * as sent from './generated/types.ts'
import type { WorkflowSteps } from './generated/workflows.ts'

export type { ErrorCode } from './generated/errors.ts'
export type {
  ApiKey,
  AuditEntry,
  BulkResult,
  Connection,
  CreatedApiKey,
  CreatedWebhook,
  Drift,
  DriftKind,
  Health,
  HealthEvent,
  HealthHistory,
  HealthPoint,
  HealthReason,
  HealthResolution,
  HealthStatus,
  Instance,
  InstanceChange,
  InstanceState,
  ItemError,
  LabelChanges,
  Labels,
  ListApiKeys,
  ListAudit,
  ListDrift,
  ListInstances,
  ListOperationEvents,
  ListOperations,
  ListProjects,
  ListWebhooks,
  LogLine,
  OperationError,
  OperationHistoryEvent,
  OperationState,
  Page,
  Plan,
  PlannedChange,
  PlannedStep,
  PostgresVersion,
  Project,
  Quota,
  Role,
  StepState,
  SystemActivity,
  SystemHealth,
  SystemStatus,
  Webhook,
  WebhookDelivery,
  WebhookEventKind,
  WorkflowGraph,
} from './generated/types.ts'

/** What operations do: those that this version of the package knows; a newer control plane may have more. */
export type OperationKind = keyof WorkflowSteps

/** The steps of operations of a kind. */
export type StepName<Kind extends OperationKind = OperationKind> = WorkflowSteps[Kind]

/** One run of a workflow on one instance: a change that takes time, as it stood when it was fetched. */
export interface Operation<Kind extends OperationKind = OperationKind> extends Omit<
  sent.Operation,
  'workflow' | 'steps'
> {
  workflow: Kind
  /** Every step of the workflow in order, those that have not begun included. */
  steps: OperationStep<Kind>[]
}

/** One step of an operation as seen now. */
export interface OperationStep<Kind extends OperationKind = OperationKind> extends Omit<
  sent.OperationStep,
  'name'
> {
  name: StepName<Kind>
}

/** One entry of an operation's history; `seq` counts up from 1 without gaps. */
export interface OperationEvent<Kind extends OperationKind = OperationKind> extends Omit<
  sent.OperationEvent,
  'step'
> {
  /** The step it is about; null when it is about the operation as a whole. */
  step: StepName<Kind> | null
}

/** What a new instance is made from. */
export interface CreateInstance extends Omit<sent.CreateInstance, 'idempotencyKey' | 'validateOnly'> {}

/** An instance that is to be deleted, among many; with `etag`, only if nobody has changed it since. */
export type DeleteItem = sent.DeleteInstances['items'][number]

/** What is changed of an instance. What is not named stays as it is. */
export interface UpdateInstance extends Omit<
  sent.UpdateInstance,
  'id' | 'etag' | 'idempotencyKey' | 'validateOnly'
> {}

/** What a new API key is made from. Without `validDays` it never expires. */
export interface CreateApiKey extends Omit<sent.CreateApiKey, 'idempotencyKey'> {}

/** How a key is replaced by a new one. */
export interface RotateApiKey extends Omit<sent.RotateApiKey, 'id' | 'idempotencyKey'> {}

/** What a new project is made from. */
export interface CreateProject extends Omit<sent.CreateProject, 'idempotencyKey'> {}

/** What is changed of a project. What is left out stays as it is. */
export interface UpdateProject extends Omit<sent.UpdateProject, 'id' | 'etag' | 'idempotencyKey'> {}

/** What a new webhook is made from. */
export interface CreateWebhook extends Omit<sent.CreateWebhook, 'idempotencyKey'> {}

/** What is changed of a webhook. What is left out stays as it is. */
export interface UpdateWebhook extends Omit<sent.UpdateWebhook, 'id' | 'etag' | 'idempotencyKey'> {}

/** Which of a webhook's deliveries to list. */
export interface WebhookDeliveryFilter extends Omit<sent.ListWebhookDeliveries, 'id'> {}

/** Which part of a log. */
export interface LogOptions extends CallOptions, Pick<sent.ReadLogs, 'tailLines' | 'follow'> {}

/** Which part of a history: the last day, at a resolution that suits its length, unless told. */
export interface HealthHistoryRange extends Omit<sent.GetHealthHistory, 'id'> {}

/** Which part of a list: 50 at a time unless `limit` (1 to 1000) says otherwise. */
export interface PageRequest extends Omit<sent.ListHealthEvents, 'id'> {}

/** One field of the input that was refused; `path` is dotted, empty for the whole input. */
export interface FieldError {
  path: string
  message: string
}

/** What a project may have at most of something, and has. */
export interface QuotaUse {
  of: 'instances' | 'operations' | 'webhooks'
  limit: number
  used: number
}

/** What every call takes. */
export interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** What a call takes that changes something. */
export interface MutationOptions extends CallOptions {
  /**
   * Makes the call safe to send again: the same key with the same input returns the first answer, for 24 hours.
   * One is made up for each call where none is given, so that the call can be retried after a network failure.
   */
  idempotencyKey?: string | undefined
}

/** What a change takes that is to be made only to what the caller has seen. */
export interface ConditionalOptions extends MutationOptions {
  /** The `etag` of the instance, project or webhook as it was seen: if it has changed since, nothing is done, and a `ConflictError` (`ETAG_MISMATCH`) thrown. */
  etag?: string | undefined
}
