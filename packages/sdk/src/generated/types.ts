// Generated from the API by "npm run generate". Do not edit.

/** A mutation was accepted: the resource as it is now, and the operation that carries it out. */
export interface Accepted {
  instance: Instance
  operation: Operation
}

export interface ApiKey {
  id: string
  /** Null for a key of the system, which opens every project. */
  projectId: string | null
  /** What people call it. */
  name: string
  role: Role
  /** Only an active one opens anything. */
  state: 'active' | 'expired' | 'revoked'
  createdAt: Date
  /** To the minute. */
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
  /** The key that has taken its place; this one opens until it expires. */
  replacedBy: string | null
}

/** Who did what, or tried to. */
export interface AuditEntry {
  id: string
  at: Date
  /** As in `requestedBy`. */
  subject: string
  /** What their API key is called; null where they had none, or where it is not of this project. */
  subjectName: string | null
  /** As the API calls it: `instances.create`. */
  action: string
  /** Null for what is about the system. */
  projectId: string | null
  /** The id of what it was done to; of one that was refused, what was asked for. */
  resourceId: string | null
  operationId: string | null
  /** Of the call: it leads to its line in the control plane's log. */
  requestId: string | null
  outcome: 'done' | 'refused'
  /** Why it was refused. */
  code: string | null
}

/** One result for each item, in their order. */
export interface BulkAccepted {
  results: BulkResult[]
}

export type BulkResult = Accepted | {
  error: ItemError
}

export interface CancelOperation {
  id: string
  idempotencyKey?: string | undefined
}

export interface ConfigureHealth {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  checkIntervalSeconds: number
  idempotencyKey?: string | undefined
}

/** How to log in to an instance. Holds the password: only the procedure that reveals it returns one. */
export interface Connection {
  connectionString: string
  host: string
  port: number
  database: string
  user: string
  password: string
}

export interface CreateApiKey {
  name: string
  role: Role
  /** Of the system in place of the project: only a key of the system can make one. */
  system?: boolean | undefined
  /** Days until it expires; without it, it never does. */
  validDays?: number | undefined
  idempotencyKey?: string | undefined
}

export interface CreateInstance {
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string
  version?: PostgresVersion | undefined
  /** 30 unless told. */
  healthCheckIntervalSeconds?: number | undefined
  labels?: Labels | undefined
  idempotencyKey?: string | undefined
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined
}

/** Each becomes an operation of its own; one that is refused is no harm to the others. */
export interface CreateInstances {
  items: Array<{
    /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
    name: string
    version?: PostgresVersion | undefined
    healthCheckIntervalSeconds?: number | undefined
    labels?: Labels | undefined
  }>
  idempotencyKey?: string | undefined
}

export interface CreateProject {
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string
  /** 100 instances and 100 operations unless told. */
  quota?: {
    instances?: number | null | undefined
    operations?: number | null | undefined
  } | undefined
  idempotencyKey?: string | undefined
}

export interface CreateWebhook {
  url: string
  kinds: WebhookEventKind[]
  idempotencyKey?: string | undefined
}

/** `secret` is what calls are made with. It is told this once. */
export interface CreatedApiKey {
  key: ApiKey
  secret: string
}

/** `secret` signs what is sent. It is told this once. */
export interface CreatedWebhook {
  webhook: Webhook
  secret: string
}

export interface DeleteInstance {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined
}

export interface DeleteInstances {
  items: Array<{
    id: string
    /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
    etag?: string | undefined
  }>
  idempotencyKey?: string | undefined
}

export interface DeleteProject {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
}

export interface DeleteWebhook {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
}

/** A difference between metadata and provider that was found. */
export interface Drift {
  id: string
  kind: DriftKind
  instanceId: string
  instanceName: string
  provider: string
  detail: string
  detectedAt: Date
  lastSeenAt: Date
  /** The last operation that was started to repair it. */
  operationId: string | null
  /** Operations that were started to repair it. */
  repairs: number
  /** When the next repair is tried at the earliest; null when a person must act. */
  repairAfter: Date | null
  /** Since when it is no more; null while it is there. */
  resolvedAt: Date | null
}

/** How metadata and provider can differ. */
export type DriftKind =
  /** Its data is there, its server does not run: started again, with back-off, up to a cap. */
  | 'server-down'
  /** Its data is not where it was: reported, since an empty database in its place would be worse. */
  | 'data-missing'
  /** Somebody changed what Toygres had set, or started what is stopped: put back, or reported, by policy. */
  | 'spec-changed'
  /** It is being made, stopped, started or removed, and the operation for that is gone: asked for again. */
  | 'operation-gone'
  /** Something is left of an instance that is deleted, or could not be made: removed. */
  | 'leftover'
  /** It carries our mark, and metadata does not know it: reported, and removed after a grace period. */
  | 'orphan'

export interface GetApiKey {
  id: string
}

export interface GetHealthHistory {
  id: string
  /** A day before `to` unless told; six hours where `resolution` is `raw`. */
  from?: Date | undefined
  /** Now unless told. */
  to?: Date | undefined
  /** The finest that makes a readable number of points unless told. */
  resolution?: HealthResolution | undefined
}

export interface GetInstance {
  id: string
}

export interface GetOperation {
  id: string
  /** Answers when the operation has ended, or after so many seconds with how it stands then: 60 at most, at once unless told. */
  waitSeconds?: number | undefined
}

export interface GetProject {
  id: string
}

export interface GetWebhook {
  id: string
}

/** What the last health check of an instance saw. What it could not see is null. */
export interface Health {
  instanceId: string
  status: HealthStatus
  /** Why the last check failed, or `stopped`; null when it succeeded, or when there was none. */
  reason: HealthReason | null
  /** The reason in a sentence. */
  detail: string | null
  checkIntervalSeconds: number
  checkedAt: Date | null
  /** When the next check is due; null for an instance that is not checked. */
  nextCheckAt: Date | null
  /** Milliseconds for the login, where there was one, and the question. */
  latencyMs: number | null
  tls: boolean | null
  inRecovery: boolean | null
  readOnly: boolean | null
  connections: {
    used: number
    max: number
  } | null
  oldestTransactionSeconds: number | null
  /** All databases of the instance together. */
  databaseBytes: number | null
  /** Where the provider knows. */
  disk: {
    freeBytes: number
    totalBytes: number
  } | null
  /** The share of the last 24 hours' time, as far as it was checked, in which its checks succeeded, 0 to 100; null where none was. */
  uptimePercent: number | null
}

export interface HealthEvent {
  id: string
  instanceId: string
  at: Date
  /** The health from then on. */
  status: HealthStatus
  reason: HealthReason | null
  detail: string | null
}

/** The health of an instance over a range of time, oldest point first. A time without checks has no points. */
export interface HealthHistory {
  instanceId: string
  from: Date
  to: Date
  resolution: HealthResolution
  checks: number
  /** The share of the range's time, as far as it was checked, in which its checks succeeded, 0 to 100; null where none was. */
  uptimePercent: number | null
  points: HealthPoint[]
}

/** One check, or those of one minute or hour together. */
export interface HealthPoint {
  /** The moment of the check, or the beginning of the minute or hour. */
  at: Date
  checks: number
  failures: number
  /** The most frequent reason of the failures. */
  reason: HealthReason | null
  /** Of the checks that succeeded. */
  latencyMs: {
    average: number
    max: number
  } | null
  /** The most that were in use. */
  connections: number | null
  databaseBytes: number | null
}

/** Why a check failed. Stable: alerts switch on it. */
export type HealthReason =
  /** Nothing listens at its address. */
  | 'refused'
  /** It did not answer in time. */
  | 'timeout'
  /** Its address cannot be reached, or not be resolved. */
  | 'unreachable'
  /** The connection was cut in the middle. */
  | 'connection-lost'
  /** The TLS handshake failed. */
  | 'tls'
  /** The login of the monitor was refused. */
  | 'auth'
  /** Every connection that users may have is taken. */
  | 'too-many-connections'
  /** It starts, or recovers from a crash. */
  | 'starting-up'
  | 'shutting-down'
  /** The disk under its data is full. */
  | 'disk-full'
  /** It answers with an error that has no code of its own here. */
  | 'error'
  /** The provider says that its server does not run. */
  | 'server-down'
  /** The provider says that its data is not there. */
  | 'data-missing'
  /** It was stopped, and is not checked: no failure, and no part of its uptime. */
  | 'stopped'

export type HealthResolution = 'raw' | 'minute' | 'hour'

export type HealthStatus = 'healthy' | 'unhealthy' | 'unknown'

/** One hosted PostgreSQL server. */
export interface Instance {
  id: string
  projectId: string
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string
  /** Changes with every change that a caller made: of its settings, or that it is to be stopped, started or deleted. Not with its state or health. */
  etag: string
  labels: Labels
  state: InstanceState
  /** Why the instance is in a state that nobody asked for; null otherwise. */
  stateReason: string | null
  healthStatus: HealthStatus
  /** Why its last health check failed, or `stopped`; null when it succeeded, or when there was none. */
  healthReason: HealthReason | null
  healthCheckedAt: Date | null
  /** From 5 to 3600. */
  healthCheckIntervalSeconds: number
  version: PostgresVersion
  /** What makes its server. An open word: one more is no change of the contract. */
  provider: string
  /** Where it listens; null until it has been seen to answer. */
  host: string | null
  port: number | null
  /** The operation that is changing it now, if any. */
  activeOperationId: string | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/**
 * What a watcher of the instances is told. It is about what is so now, not about each step on the way: two changes that
 * come close together may be told as one.
 */
export type InstanceChange = InstancesReset | InstanceChanged

/** An instance as it is now; a deleted one for the last time. */
export interface InstanceChanged {
  type: 'changed'
  /** Opaque: whoever is told of it later goes on after it. */
  position: string
  instance: Instance
}

export type InstanceState =
  | 'creating'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'starting'
  | 'deleting'
  | 'deleted'
  | 'failed'

/** Nothing is known of what changed before: what was listed earlier is to be listed again. */
export interface InstancesReset {
  type: 'reset'
  /** Opaque: whoever is told of it later goes on after it. */
  position: string
}

/** Why one item was refused, as a call for it alone would have been. */
export interface ItemError {
  code: string
  message: string
  retryable: boolean
  /** The operation that is in the way. */
  activeOperationId?: string | undefined
}

/** A label with a value is added or changed, one with null taken away; the others stay as they are. */
export type LabelChanges = Record<string, string | null>

/** What people mark an instance with, for themselves: Toygres decides nothing by it. */
export type Labels = Record<string, string>

export interface ListApiKeys {
  cursor?: string | undefined
  limit?: number | undefined
}

export interface ListAudit {
  cursor?: string | undefined
  limit?: number | undefined
  /** Only what was done to this. */
  resourceId?: string | undefined
  /** Only what was done by them. */
  subject?: string | undefined
}

export interface ListDrift {
  cursor?: string | undefined
  limit?: number | undefined
  /** Only that of this instance; by its id also when metadata does not know it. */
  instance?: string | undefined
  /** What is no more, too. */
  includeResolved?: boolean | undefined
}

export interface ListHealth {
  cursor?: string | undefined
  limit?: number | undefined
}

export interface ListHealthEvents {
  cursor?: string | undefined
  limit?: number | undefined
  id: string
}

export interface ListInstances {
  cursor?: string | undefined
  limit?: number | undefined
  includeDeleted?: boolean | undefined
}

export interface ListOperationEvents {
  cursor?: string | undefined
  limit?: number | undefined
  instance?: string | undefined
}

export interface ListOperations {
  cursor?: string | undefined
  limit?: number | undefined
  /** Only the operations of this instance. */
  instance?: string | undefined
  state?: OperationState | undefined
}

export interface ListProjects {
  cursor?: string | undefined
  limit?: number | undefined
}

export interface ListWebhookDeliveries {
  cursor?: string | undefined
  limit?: number | undefined
  id: string
  state?: 'pending' | 'delivered' | 'failed' | undefined
}

export interface ListWebhooks {
  cursor?: string | undefined
  limit?: number | undefined
}

/** A line that an instance's server wrote. What it says is the server's, statements that failed included. */
export interface LogLine {
  /** Opaque: where the line stands in the log. */
  position: string
  text: string
}

/** One run of a workflow on one resource: the long-running operation that API users see. */
export interface Operation {
  id: string
  /** Null for what the control plane does about something that is in no project. */
  projectId: string | null
  workflow: string
  resourceId: string
  /** What its instance is called; null where metadata knows of none. */
  resourceName: string | null
  state: OperationState
  /** True in exactly the three terminal states: succeeded, failed, cancelled. */
  done: boolean
  /** Every step of the workflow in order, those that have not begun included. */
  steps: OperationStep[]
  error: OperationError | null
  requestedBy: string
  /** What the API key is called that asked for it; null where nobody's did, or where the reader may not look at it. */
  requestedByName: string | null
  createdAt: Date
  startedAt: Date | null
  /** When somebody last let it go on, after it had failed or was parked: since then is what it takes this time. */
  retriedAt: Date | null
  endedAt: Date | null
}

/** What went wrong inside an operation: `code` is stable, `message` says what to do about it. */
export interface OperationError {
  code: string
  message: string
  step: string | null
  /** Steps whose effects could not be undone; the reconciler keeps at them. */
  leftovers: string[]
}

/** One entry of an operation's history. `seq` counts up by one without gaps within the operation. */
export interface OperationEvent {
  operationId: string
  seq: number
  at: Date
  /** The state of the operation after the event. */
  operationState: OperationState
  /** The step it is about; null when it is about the operation as a whole. */
  step: string | null
  /** The step's new state, or the operation's where `step` is null. */
  state: StepState | OperationState
  /** A stable word for why: of an error, `TAKEN_OVER` when the worker of a step died, `RETRIED` when somebody asked for it. */
  code: string | null
  message: string | null
  /**
   * Milliseconds of the execution of the step, or of its undo, that ended with it; null where none did. A step that polls is executed
   * many times, and of those that found nothing new only the first is told.
   */
  durationMs: number | null
}

/** An event with what its operation is about. */
export interface OperationHistoryEvent {
  operationId: string
  seq: number
  at: Date
  operationState: OperationState
  step: string | null
  state: StepState | OperationState
  code: string | null
  message: string | null
  durationMs: number | null
  workflow: string
  resourceId: string
  resourceName: string | null
  requestedBy: string
  requestedByName: string | null
}

export type OperationState =
  | 'queued'
  | 'running'
  | 'cancelling'
  | 'undoing'
  | 'parked'
  | 'succeeded'
  | 'failed'
  | 'cancelled'

/** One step of an operation as seen now. */
export interface OperationStep {
  name: string
  state: StepState
  /** Executions that counted, with the one that is under way: a step that polls (`waiting`) is in one until it has ended. */
  attempt: number
  /** What it waits for: what the step says itself, a free worker, room in a limit, another operation, a person. */
  waitingFor: string | null
  /** When a waiting or retrying step runs again. */
  until: Date | null
  /** What its last attempt failed with. */
  error: {
    code: string
    message: string
  } | null
  /** When its first attempt began. */
  startedAt: Date | null
  /** When it had succeeded, or failed for good. */
  endedAt: Date | null
  /** Who runs it, or its undo, now, and since when; null while nobody does. Its `host` and `pid` are told to callers of the system only. */
  run: {
    since: Date
    worker: string
    host: string | null
    pid: number | null
  } | null
  /** How it was undone, once that began; `error` is what the last attempt of that failed with. */
  undo: {
    attempt: number
    error: {
      code: string
      message: string
    } | null
    startedAt: Date
    endedAt: Date | null
  } | null
}

/** What a call would do that was sent with `validateOnly`. Nothing of it has been done, and a later call may find things different. */
export interface Plan {
  /** Of the operation that would be started; null when the change needs none, or when one for it runs already. */
  workflow: string | null
  steps: PlannedStep[]
  changes: PlannedChange[]
  /** The operation that would be cancelled, and undone, first. */
  cancels: string | null
}

/** The answer to a call with `validateOnly`. */
export interface Planned {
  plan: Plan
}

/** A field that would change; null where it is not there. */
export interface PlannedChange {
  /** As in the instance, dotted: `labels.team`. */
  path: string
  from: string | number | null
  to: string | number | null
}

/** A step of the operation that would be started, as its workflow defines it. */
export interface PlannedStep {
  name: string
  /** `transact` changes the control plane's own records only, exactly once; a `step` does work outside, and may run again. */
  kind: 'step' | 'transact'
  /** It is undone when the operation fails or is cancelled later. */
  undoable: boolean
}

/** The major versions of PostgreSQL that can be asked for. */
export type PostgresVersion = '16' | '17' | '18'

/** A tenant: its instances, operations, keys and webhooks are not there for the others. */
export interface Project {
  id: string
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string
  /**
   * Changes with every change that a caller made. Not with what is used. Empty where an answer of before there were etags is
   * replayed for its idempotency key: read the project for the one it has.
   */
  etag: string
  quota: Quota
  /** How much of its quota it uses now. */
  usage: {
    instances: number
    operations: number
  }
  createdAt: Date
  updatedAt: Date
}

export interface QueueActivity {
  name: string
  /** Jobs that could run now, run now, and wait for their time. */
  ready: number
  active: number
  deferred: number
  /** For how long the first of those that could run has waited; null when none does. */
  lagMs: number | null
}

/** What a project may have at most. */
export interface Quota {
  /** Instances that are not deleted. */
  instances: number | null
  /** Operations under way. Deletions are never refused, and count. */
  operations: number | null
}

export interface ReadLogs {
  id: string
  /** How many of the last lines to begin with. */
  tailLines?: number | undefined
  /** Goes on with each new line until the caller leaves. */
  follow?: boolean | undefined
  /** The `position` of the last line that the caller has: what comes after it is sent, instead of the last lines. */
  lastEventId?: string | undefined
}

/** Sends an event again, whatever became of it. */
export interface RedeliverWebhook {
  id: string
  deliveryId: string
  idempotencyKey?: string | undefined
}

export interface RetryOperation {
  id: string
  idempotencyKey?: string | undefined
}

export interface RevokeApiKey {
  id: string
  idempotencyKey?: string | undefined
}

export type Role = 'viewer' | 'operator' | 'admin'

/** A new key in the place of one, with its name, role and project. */
export interface RotateApiKey {
  id: string
  /** How long the old one still opens: a day unless told, 30 days at most, 0 for not at all. */
  overlapSeconds?: number | undefined
  /** Days until the new one expires; as long as the old one was made for unless told. */
  validDays?: number | undefined
  idempotencyKey?: string | undefined
}

export interface StartInstance {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined
}

export type StepState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'undoing'
  | 'undone'

export interface StopInstance {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined
}

/** What the control planes of one metadata database are at. */
export interface SystemActivity {
  at: Date
  workers: Worker[]
  queues: QueueActivity[]
  /** Those that have not ended, by their state. */
  operations: Record<string, number>
  /** Of the last hour, oldest first; a minute in which none ended is left out. */
  throughput: Throughput[]
  /** From the request to the end, of the operations that succeeded in the last hour; null when there were none. */
  durationMs: {
    median: number
    p95: number
  } | null
}

/** Whether the control plane can do its work; needs no key, so it tells nothing else. */
export interface SystemHealth {
  status: 'ok' | 'unavailable'
  version: string
}

/** The control plane as its operators see it. */
export interface SystemStatus {
  pid: number
  startedAt: Date
  provider: string
  /** Why the place where instances live cannot be worked with now; null when it can. */
  providerError: {
    code: string
    message: string
  } | null
  versions: {
    toygres: string
    node: string
    database: string
    queueSchema: number
    migration: string
  }
  database: {
    /** Without password: `postgres://user@host:port/name`. */
    url: string
    embedded: boolean
    sizeBytes: number
  }
  queue: {
    /** Jobs that could run now, run now, and wait for their time. */
    ready: number
    active: number
    deferred: number
  }
  instances: Record<string, number>
}

/** The operations that ended in one minute. */
export interface Throughput {
  at: Date
  succeeded: number
  failed: number
  cancelled: number
}

/** What is not named stays as it is. */
export interface UpdateInstance {
  id: string
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  /** In place of all that it has. */
  labels?: Labels | undefined
  /** Of single labels: without having read the others, so that it is the same request when it is sent again. */
  labelChanges?: LabelChanges | undefined
  healthCheckIntervalSeconds?: number | undefined
  idempotencyKey?: string | undefined
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined
}

/** What is left out stays as it is. A quota below what is in use takes nothing away; it only lets nothing be added. */
export interface UpdateProject {
  id: string
  quota: {
    instances?: number | null | undefined
    operations?: number | null | undefined
  }
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
}

/** What is left out stays as it is. One that is enabled again gets what was pending when it was disabled, and not what happened meanwhile. */
export interface UpdateWebhook {
  id: string
  url?: string | undefined
  kinds?: WebhookEventKind[] | undefined
  enabled?: boolean | undefined
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined
  idempotencyKey?: string | undefined
}

/** A change of settings, or of whether it runs: the instance as it is now, and the operation that carries out what takes time; null when nothing does. */
export interface Updated {
  instance: Instance
  operation: Operation | null
}

/** A URL that is told what happens in a project. */
export interface Webhook {
  id: string
  projectId: string
  /**
   * Changes with every change that a caller made. Not with how its deliveries go. Empty where an answer of before there were
   * etags is replayed for its idempotency key: read the webhook for the one it has.
   */
  etag: string
  url: string
  kinds: WebhookEventKind[]
  /** Since when nothing gets through; null while it does. */
  failingSince: Date | null
  /** Why it is told nothing any more; null while it is. */
  disabledReason: string | null
  disabledAt: Date | null
  createdAt: Date
  updatedAt: Date
}

/** One event for one webhook. */
export interface WebhookDelivery {
  /** Sent along as `webhook-id`: the same however often it is sent. */
  id: string
  webhookId: string
  kind: WebhookEventKind
  /** The instance that it is about. */
  resourceId: string
  /** `failed`: given up. */
  state: 'pending' | 'delivered' | 'failed'
  attempts: number
  createdAt: Date
  attemptedAt: Date | null
  /** The HTTP status of the last answer. */
  status: number | null
  /** Why there was no answer. */
  error: string | null
}

/** What webhooks can be told. */
export type WebhookEventKind =
  | 'instance.creating'
  | 'instance.running'
  | 'instance.stopping'
  | 'instance.stopped'
  | 'instance.starting'
  | 'instance.failed'
  | 'instance.deleting'
  | 'instance.deleted'
  | 'instance.healthy'
  | 'instance.unhealthy'
  | 'operation.succeeded'
  | 'operation.failed'
  | 'operation.cancelled'
  | 'operation.parked'

/** A process that runs steps. */
export interface Worker {
  id: string
  host: string
  pid: number
  startedAt: Date
  /** Renewed each second: what it owns is taken over once this has passed. */
  leaseUntil: Date
  /** That it carries out now. */
  operations: number
}

/** A workflow as a diagram shows it, from its own definition. */
export interface WorkflowGraph {
  workflow: string
  version: number
  /** Steps by their names; `undo NAME`; and the two ends, `succeeded` and `failed`. */
  nodes: Array<{
    id: string
    kind: 'step' | 'transact' | 'undo' | 'end'
  }>
  edges: Array<{
    from: string
    to: string
    when: 'done' | 'failed'
  }>
}

/** Part of a list, newest first. `nextCursor` fetches the part after it; null at the end. */
export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

/** What each procedure takes and gives; of a stream, one event. */
export interface Procedures {
  'audit.list': {
    input: ListAudit
    output: Page<AuditEntry>
  }
  'drift.list': {
    input: ListDrift
    output: Page<Drift>
  }
  'health.configure': {
    input: ConfigureHealth
    output: Health
  }
  'health.events': {
    input: ListHealthEvents
    output: Page<HealthEvent>
  }
  'health.get': {
    input: GetInstance
    output: Health
  }
  'health.history': {
    input: GetHealthHistory
    output: HealthHistory
  }
  'health.list': {
    input: ListHealth
    output: Page<Health>
  }
  'instances.connection': {
    input: GetInstance
    output: Connection
  }
  'instances.create': {
    input: CreateInstance
    output: Accepted | Planned
  }
  'instances.createMany': {
    input: CreateInstances
    output: BulkAccepted
  }
  'instances.delete': {
    input: DeleteInstance
    output: Accepted | Planned
  }
  'instances.deleteMany': {
    input: DeleteInstances
    output: BulkAccepted
  }
  'instances.get': {
    input: GetInstance
    output: Instance
  }
  'instances.list': {
    input: ListInstances
    output: Page<Instance>
  }
  'instances.logs': {
    input: ReadLogs
    output: LogLine
  }
  'instances.start': {
    input: StartInstance
    output: Updated | Planned
  }
  'instances.stop': {
    input: StopInstance
    output: Updated | Planned
  }
  'instances.update': {
    input: UpdateInstance
    output: Updated | Planned
  }
  'instances.watch': {
    input: {
      lastEventId?: string | undefined
    }
    output: InstanceChange
  }
  'keys.create': {
    input: CreateApiKey
    output: CreatedApiKey
  }
  'keys.get': {
    input: GetApiKey
    output: ApiKey
  }
  'keys.list': {
    input: ListApiKeys
    output: Page<ApiKey>
  }
  'keys.revoke': {
    input: RevokeApiKey
    output: ApiKey
  }
  'keys.rotate': {
    input: RotateApiKey
    output: CreatedApiKey
  }
  'operations.cancel': {
    input: CancelOperation
    output: Operation
  }
  'operations.events': {
    input: ListOperationEvents
    output: Page<OperationHistoryEvent>
  }
  'operations.get': {
    input: GetOperation
    output: Operation
  }
  'operations.graph': {
    input: GetOperation
    output: WorkflowGraph
  }
  'operations.list': {
    input: ListOperations
    output: Page<Operation>
  }
  'operations.retry': {
    input: RetryOperation
    output: Operation
  }
  'operations.watch': {
    input: {
      id: string
      lastEventId?: string | undefined
    }
    output: OperationEvent
  }
  'projects.create': {
    input: CreateProject
    output: Project
  }
  'projects.delete': {
    input: DeleteProject
    output: Project
  }
  'projects.get': {
    input: GetProject
    output: Project
  }
  'projects.list': {
    input: ListProjects
    output: Page<Project>
  }
  'projects.update': {
    input: UpdateProject
    output: Project
  }
  'system.activity': {
    input: undefined
    output: SystemActivity
  }
  'system.health': {
    input: undefined
    output: SystemHealth
  }
  'system.status': {
    input: undefined
    output: SystemStatus
  }
  'webhooks.create': {
    input: CreateWebhook
    output: CreatedWebhook
  }
  'webhooks.delete': {
    input: DeleteWebhook
    output: Webhook
  }
  'webhooks.deliveries': {
    input: ListWebhookDeliveries
    output: Page<WebhookDelivery>
  }
  'webhooks.get': {
    input: GetWebhook
    output: Webhook
  }
  'webhooks.list': {
    input: ListWebhooks
    output: Page<Webhook>
  }
  'webhooks.redeliver': {
    input: RedeliverWebhook
    output: WebhookDelivery
  }
  'webhooks.update': {
    input: UpdateWebhook
    output: Webhook
  }
}
