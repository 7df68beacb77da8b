/** A mutation was accepted: the resource as it is now, and the operation that carries it out. */
interface Accepted$1 {
  instance: Instance;
  operation: Operation$1;
}
interface ApiKey {
  id: string;
  /** Null for a key of the system, which opens every project. */
  projectId: string | null;
  /** What people call it. */
  name: string;
  role: Role;
  /** Only an active one opens anything. */
  state: 'active' | 'expired' | 'revoked';
  createdAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** The key that has taken its place; this one opens until it expires. */
  replacedBy: string | null;
}
/** Who did what, or tried to. */
interface AuditEntry {
  id: string;
  at: Date;
  /** As in `requestedBy`. */
  subject: string;
  /** What their API key is called; null where they had none, or where it is not of this project. */
  subjectName: string | null;
  /** As the API calls it: `instances.create`. */
  action: string;
  /** Null for what is about the system. */
  projectId: string | null;
  /** The id of what it was done to; of one that was refused, what was asked for. */
  resourceId: string | null;
  operationId: string | null;
  /** Of the call: it leads to its line in the control plane's log. */
  requestId: string | null;
  outcome: 'done' | 'refused';
  /** Why it was refused. */
  code: string | null;
}
type BulkResult = Accepted$1 | {
  error: ItemError;
};
/** How to log in to an instance. Holds the password: only the procedure that reveals it returns one. */
interface Connection {
  connectionString: string;
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}
interface CreateApiKey$1 {
  name: string;
  role: Role;
  /** Of the system in place of the project: only a key of the system can make one. */
  system?: boolean | undefined;
  /** Days until it expires; without it, it never does. */
  validDays?: number | undefined;
  idempotencyKey?: string | undefined;
}
interface CreateInstance$1 {
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string;
  version?: PostgresVersion | undefined;
  /** 30 unless told. */
  healthCheckIntervalSeconds?: number | undefined;
  labels?: Labels | undefined;
  idempotencyKey?: string | undefined;
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined;
}
interface CreateProject$1 {
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string;
  /** 100 instances and 100 operations unless told. */
  quota?: {
    instances?: number | null | undefined;
    operations?: number | null | undefined;
  } | undefined;
  idempotencyKey?: string | undefined;
}
interface CreateWebhook$1 {
  url: string;
  kinds: WebhookEventKind[];
  idempotencyKey?: string | undefined;
}
/** `secret` is what calls are made with. It is told this once. */
interface CreatedApiKey {
  key: ApiKey;
  secret: string;
}
/** `secret` signs what is sent. It is told this once. */
interface CreatedWebhook {
  webhook: Webhook;
  secret: string;
}
interface DeleteInstances {
  items: Array<{
    id: string;
    /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
    etag?: string | undefined;
  }>;
  idempotencyKey?: string | undefined;
}
/** A difference between metadata and provider that was found. */
interface Drift {
  id: string;
  kind: DriftKind;
  instanceId: string;
  instanceName: string;
  provider: string;
  detail: string;
  detectedAt: Date;
  lastSeenAt: Date;
  /** The last operation that was started to repair it. */
  operationId: string | null;
  /** Operations that were started to repair it. */
  repairs: number;
  /** When the next repair is tried at the earliest; null when a person must act. */
  repairAfter: Date | null;
  /** Since when it is no more; null while it is there. */
  resolvedAt: Date | null;
}
/** How metadata and provider can differ. */
type DriftKind =
/** Its data is there, its server does not run: started again, with back-off, up to a cap. */
'server-down' |
/** Its data is not where it was: reported, since an empty database in its place would be worse. */
'data-missing' |
/** Somebody changed what Toygres had set, or started what is stopped: put back, or reported, by policy. */
'spec-changed' |
/** It is being made, stopped, started or removed, and the operation for that is gone: asked for again. */
'operation-gone' |
/** Something is left of an instance that is deleted, or could not be made: removed. */
'leftover' |
/** It carries our mark, and metadata does not know it: reported, and removed after a grace period. */
'orphan';
interface GetHealthHistory {
  id: string;
  /** A day before `to` unless told; six hours where `resolution` is `raw`. */
  from?: Date | undefined;
  /** Now unless told. */
  to?: Date | undefined;
  /** The finest that makes a readable number of points unless told. */
  resolution?: HealthResolution | undefined;
}
/** What the last health check of an instance saw. What it could not see is null. */
interface Health {
  instanceId: string;
  status: HealthStatus;
  /** Why the last check failed, or `stopped`; null when it succeeded, or when there was none. */
  reason: HealthReason | null;
  /** The reason in a sentence. */
  detail: string | null;
  checkIntervalSeconds: number;
  checkedAt: Date | null;
  /** When the next check is due; null for an instance that is not checked. */
  nextCheckAt: Date | null;
  /** Milliseconds for the login, where there was one, and the question. */
  latencyMs: number | null;
  tls: boolean | null;
  inRecovery: boolean | null;
  readOnly: boolean | null;
  connections: {
    used: number;
    max: number;
  } | null;
  oldestTransactionSeconds: number | null;
  /** All databases of the instance together. */
  databaseBytes: number | null;
  /** Where the provider knows. */
  disk: {
    freeBytes: number;
    totalBytes: number;
  } | null;
  /** The share of the last 24 hours' time, as far as it was checked, in which its checks succeeded, 0 to 100; null where none was. */
  uptimePercent: number | null;
}
interface HealthEvent {
  id: string;
  instanceId: string;
  at: Date;
  /** The health from then on. */
  status: HealthStatus;
  reason: HealthReason | null;
  detail: string | null;
}
/** The health of an instance over a range of time, oldest point first. A time without checks has no points. */
interface HealthHistory {
  instanceId: string;
  from: Date;
  to: Date;
  resolution: HealthResolution;
  checks: number;
  /** The share of the range's time, as far as it was checked, in which its checks succeeded, 0 to 100; null where none was. */
  uptimePercent: number | null;
  points: HealthPoint[];
}
/** One check, or those of one minute or hour together. */
interface HealthPoint {
  /** The moment of the check, or the beginning of the minute or hour. */
  at: Date;
  checks: number;
  failures: number;
  /** The most frequent reason of the failures. */
  reason: HealthReason | null;
  /** Of the checks that succeeded. */
  latencyMs: {
    average: number;
    max: number;
  } | null;
  /** The most that were in use. */
  connections: number | null;
  databaseBytes: number | null;
}
/** Why a check failed. Stable: alerts switch on it. */
type HealthReason =
/** Nothing listens at its address. */
'refused' |
/** It did not answer in time. */
'timeout' |
/** Its address cannot be reached, or not be resolved. */
'unreachable' |
/** The connection was cut in the middle. */
'connection-lost' |
/** The TLS handshake failed. */
'tls' |
/** The login of the monitor was refused. */
'auth' |
/** Every connection that users may have is taken. */
'too-many-connections' |
/** It starts, or recovers from a crash. */
'starting-up' | 'shutting-down' |
/** The disk under its data is full. */
'disk-full' |
/** It answers with an error that has no code of its own here. */
'error' |
/** The provider says that its server does not run. */
'server-down' |
/** The provider says that its data is not there. */
'data-missing' |
/** It was stopped, and is not checked: no failure, and no part of its uptime. */
'stopped';
type HealthResolution = 'raw' | 'minute' | 'hour';
type HealthStatus = 'healthy' | 'unhealthy' | 'unknown';
/** One hosted PostgreSQL server. */
interface Instance {
  id: string;
  projectId: string;
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string;
  /** Changes with every change that a caller made: of its settings, or that it is to be stopped, started or deleted. Not with its state or health. */
  etag: string;
  labels: Labels;
  state: InstanceState;
  /** Why the instance is in a state that nobody asked for; null otherwise. */
  stateReason: string | null;
  healthStatus: HealthStatus;
  /** Why its last health check failed, or `stopped`; null when it succeeded, or when there was none. */
  healthReason: HealthReason | null;
  healthCheckedAt: Date | null;
  /** From 5 to 3600. */
  healthCheckIntervalSeconds: number;
  version: PostgresVersion;
  /** What makes its server. An open word: one more is no change of the contract. */
  provider: string;
  /** Where it listens; null until it has been seen to answer. */
  host: string | null;
  port: number | null;
  /** The operation that is changing it now, if any. */
  activeOperationId: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}
/**
 * What a watcher of the instances is told. It is about what is so now, not about each step on the way: two changes that
 * come close together may be told as one.
 */
type InstanceChange = InstancesReset | InstanceChanged;
/** An instance as it is now; a deleted one for the last time. */
interface InstanceChanged {
  type: 'changed';
  /** Opaque: whoever is told of it later goes on after it. */
  position: string;
  instance: Instance;
}
type InstanceState = 'creating' | 'running' | 'stopping' | 'stopped' | 'starting' | 'deleting' | 'deleted' | 'failed';
/** Nothing is known of what changed before: what was listed earlier is to be listed again. */
interface InstancesReset {
  type: 'reset';
  /** Opaque: whoever is told of it later goes on after it. */
  position: string;
}
/** Why one item was refused, as a call for it alone would have been. */
interface ItemError {
  code: string;
  message: string;
  retryable: boolean;
  /** The operation that is in the way. */
  activeOperationId?: string | undefined;
}
/** A label with a value is added or changed, one with null taken away; the others stay as they are. */
type LabelChanges = Record<string, string | null>;
/** What people mark an instance with, for themselves: Toygres decides nothing by it. */
type Labels = Record<string, string>;
interface ListApiKeys {
  cursor?: string | undefined;
  limit?: number | undefined;
}
interface ListAudit {
  cursor?: string | undefined;
  limit?: number | undefined;
  /** Only what was done to this. */
  resourceId?: string | undefined;
  /** Only what was done by them. */
  subject?: string | undefined;
}
interface ListDrift {
  cursor?: string | undefined;
  limit?: number | undefined;
  /** Only that of this instance; by its id also when metadata does not know it. */
  instance?: string | undefined;
  /** What is no more, too. */
  includeResolved?: boolean | undefined;
}
interface ListHealthEvents {
  cursor?: string | undefined;
  limit?: number | undefined;
  id: string;
}
interface ListInstances {
  cursor?: string | undefined;
  limit?: number | undefined;
  includeDeleted?: boolean | undefined;
}
interface ListOperationEvents {
  cursor?: string | undefined;
  limit?: number | undefined;
  instance?: string | undefined;
}
interface ListOperations {
  cursor?: string | undefined;
  limit?: number | undefined;
  /** Only the operations of this instance. */
  instance?: string | undefined;
  state?: OperationState | undefined;
}
interface ListProjects {
  cursor?: string | undefined;
  limit?: number | undefined;
}
interface ListWebhookDeliveries {
  cursor?: string | undefined;
  limit?: number | undefined;
  id: string;
  state?: 'pending' | 'delivered' | 'failed' | undefined;
}
interface ListWebhooks {
  cursor?: string | undefined;
  limit?: number | undefined;
}
/** A line that an instance's server wrote. What it says is the server's, statements that failed included. */
interface LogLine {
  /** Opaque: where the line stands in the log. */
  position: string;
  text: string;
}
/** One run of a workflow on one resource: the long-running operation that API users see. */
interface Operation$1 {
  id: string;
  /** Null for what the control plane does about something that is in no project. */
  projectId: string | null;
  workflow: string;
  resourceId: string;
  /** What its instance is called; null where metadata knows of none. */
  resourceName: string | null;
  state: OperationState;
  /** True in exactly the three terminal states: succeeded, failed, cancelled. */
  done: boolean;
  /** Every step of the workflow in order, those that have not begun included. */
  steps: OperationStep$1[];
  error: OperationError | null;
  requestedBy: string;
  /** What the API key is called that asked for it; null where nobody's did, or where the reader may not look at it. */
  requestedByName: string | null;
  createdAt: Date;
  startedAt: Date | null;
  /** When somebody last let it go on, after it had failed or was parked: since then is what it takes this time. */
  retriedAt: Date | null;
  endedAt: Date | null;
}
/** What went wrong inside an operation: `code` is stable, `message` says what to do about it. */
interface OperationError {
  code: string;
  message: string;
  step: string | null;
  /** Steps whose effects could not be undone; the reconciler keeps at them. */
  leftovers: string[];
}
/** One entry of an operation's history. `seq` counts up by one without gaps within the operation. */
interface OperationEvent$1 {
  operationId: string;
  seq: number;
  at: Date;
  /** The state of the operation after the event. */
  operationState: OperationState;
  /** The step it is about; null when it is about the operation as a whole. */
  step: string | null;
  /** The step's new state, or the operation's where `step` is null. */
  state: StepState | OperationState;
  /** A stable word for why: of an error, `TAKEN_OVER` when the worker of a step died, `RETRIED` when somebody asked for it. */
  code: string | null;
  message: string | null;
  /**
   * Milliseconds of the execution of the step, or of its undo, that ended with it; null where none did. A step that polls is executed
   * many times, and of those that found nothing new only the first is told.
   */
  durationMs: number | null;
}
/** An event with what its operation is about. */
interface OperationHistoryEvent {
  operationId: string;
  seq: number;
  at: Date;
  operationState: OperationState;
  step: string | null;
  state: StepState | OperationState;
  code: string | null;
  message: string | null;
  durationMs: number | null;
  workflow: string;
  resourceId: string;
  resourceName: string | null;
  requestedBy: string;
  requestedByName: string | null;
}
type OperationState = 'queued' | 'running' | 'cancelling' | 'undoing' | 'parked' | 'succeeded' | 'failed' | 'cancelled';
/** One step of an operation as seen now. */
interface OperationStep$1 {
  name: string;
  state: StepState;
  /** Executions that counted, with the one that is under way: a step that polls (`waiting`) is in one until it has ended. */
  attempt: number;
  /** What it waits for: what the step says itself, a free worker, room in a limit, another operation, a person. */
  waitingFor: string | null;
  /** When a waiting or retrying step runs again. */
  until: Date | null;
  /** What its last attempt failed with. */
  error: {
    code: string;
    message: string;
  } | null;
  /** When its first attempt began. */
  startedAt: Date | null;
  /** When it had succeeded, or failed for good. */
  endedAt: Date | null;
  /** Who runs it, or its undo, now, and since when; null while nobody does. Its `host` and `pid` are told to callers of the system only. */
  run: {
    since: Date;
    worker: string;
    host: string | null;
    pid: number | null;
  } | null;
  /** How it was undone, once that began; `error` is what the last attempt of that failed with. */
  undo: {
    attempt: number;
    error: {
      code: string;
      message: string;
    } | null;
    startedAt: Date;
    endedAt: Date | null;
  } | null;
}
/** What a call would do that was sent with `validateOnly`. Nothing of it has been done, and a later call may find things different. */
interface Plan {
  /** Of the operation that would be started; null when the change needs none, or when one for it runs already. */
  workflow: string | null;
  steps: PlannedStep[];
  changes: PlannedChange[];
  /** The operation that would be cancelled, and undone, first. */
  cancels: string | null;
}
/** A field that would change; null where it is not there. */
interface PlannedChange {
  /** As in the instance, dotted: `labels.team`. */
  path: string;
  from: string | number | null;
  to: string | number | null;
}
/** A step of the operation that would be started, as its workflow defines it. */
interface PlannedStep {
  name: string;
  /** `transact` changes the control plane's own records only, exactly once; a `step` does work outside, and may run again. */
  kind: 'step' | 'transact';
  /** It is undone when the operation fails or is cancelled later. */
  undoable: boolean;
}
/** The major versions of PostgreSQL that can be asked for. */
type PostgresVersion = '16' | '17' | '18';
/** A tenant: its instances, operations, keys and webhooks are not there for the others. */
interface Project {
  id: string;
  /** a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit */
  name: string;
  /**
   * Changes with every change that a caller made. Not with what is used. Empty where an answer of before there were etags is
   * replayed for its idempotency key: read the project for the one it has.
   */
  etag: string;
  quota: Quota;
  /** How much of its quota it uses now. */
  usage: {
    instances: number;
    operations: number;
  };
  createdAt: Date;
  updatedAt: Date;
}
interface QueueActivity {
  name: string;
  /** Jobs that could run now, run now, and wait for their time. */
  ready: number;
  active: number;
  deferred: number;
  /** For how long the first of those that could run has waited; null when none does. */
  lagMs: number | null;
}
/** What a project may have at most. */
interface Quota {
  /** Instances that are not deleted. */
  instances: number | null;
  /** Operations under way. Deletions are never refused, and count. */
  operations: number | null;
}
interface ReadLogs {
  id: string;
  /** How many of the last lines to begin with. */
  tailLines?: number | undefined;
  /** Goes on with each new line until the caller leaves. */
  follow?: boolean | undefined;
  /** The `position` of the last line that the caller has: what comes after it is sent, instead of the last lines. */
  lastEventId?: string | undefined;
}
type Role = 'viewer' | 'operator' | 'admin';
/** A new key in the place of one, with its name, role and project. */
interface RotateApiKey$1 {
  id: string;
  /** How long the old one still opens: a day unless told, 30 days at most, 0 for not at all. */
  overlapSeconds?: number | undefined;
  /** Days until the new one expires; as long as the old one was made for unless told. */
  validDays?: number | undefined;
  idempotencyKey?: string | undefined;
}
type StepState = 'pending' | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'failed' | 'undoing' | 'undone';
/** What the control planes of one metadata database are at. */
interface SystemActivity {
  at: Date;
  workers: Worker[];
  queues: QueueActivity[];
  /** Those that have not ended, by their state. */
  operations: Record<string, number>;
  /** Of the last hour, oldest first; a minute in which none ended is left out. */
  throughput: Throughput[];
  /** From the request to the end, of the operations that succeeded in the last hour; null when there were none. */
  durationMs: {
    median: number;
    p95: number;
  } | null;
}
/** Whether the control plane can do its work; needs no key, so it tells nothing else. */
interface SystemHealth {
  status: 'ok' | 'unavailable';
  version: string;
}
/** The control plane as its operators see it. */
interface SystemStatus {
  pid: number;
  startedAt: Date;
  provider: string;
  /** Why the place where instances live cannot be worked with now; null when it can. */
  providerError: {
    code: string;
    message: string;
  } | null;
  versions: {
    toygres: string;
    node: string;
    database: string;
    queueSchema: number;
    migration: string;
  };
  database: {
    /** Without password: `postgres://user@host:port/name`. */
    url: string;
    embedded: boolean;
    sizeBytes: number;
  };
  queue: {
    /** Jobs that could run now, run now, and wait for their time. */
    ready: number;
    active: number;
    deferred: number;
  };
  instances: Record<string, number>;
}
/** The operations that ended in one minute. */
interface Throughput {
  at: Date;
  succeeded: number;
  failed: number;
  cancelled: number;
}
/** What is not named stays as it is. */
interface UpdateInstance$1 {
  id: string;
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined;
  /** In place of all that it has. */
  labels?: Labels | undefined;
  /** Of single labels: without having read the others, so that it is the same request when it is sent again. */
  labelChanges?: LabelChanges | undefined;
  healthCheckIntervalSeconds?: number | undefined;
  idempotencyKey?: string | undefined;
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly?: boolean | undefined;
}
/** What is left out stays as it is. A quota below what is in use takes nothing away; it only lets nothing be added. */
interface UpdateProject$1 {
  id: string;
  quota: {
    instances?: number | null | undefined;
    operations?: number | null | undefined;
  };
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined;
  idempotencyKey?: string | undefined;
}
/** What is left out stays as it is. One that is enabled again gets what was pending when it was disabled, and not what happened meanwhile. */
interface UpdateWebhook$1 {
  id: string;
  url?: string | undefined;
  kinds?: WebhookEventKind[] | undefined;
  enabled?: boolean | undefined;
  /** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
  etag?: string | undefined;
  idempotencyKey?: string | undefined;
}
/** A URL that is told what happens in a project. */
interface Webhook {
  id: string;
  projectId: string;
  /**
   * Changes with every change that a caller made. Not with how its deliveries go. Empty where an answer of before there were
   * etags is replayed for its idempotency key: read the webhook for the one it has.
   */
  etag: string;
  url: string;
  kinds: WebhookEventKind[];
  /** Since when nothing gets through; null while it does. */
  failingSince: Date | null;
  /** Why it is told nothing any more; null while it is. */
  disabledReason: string | null;
  disabledAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}
/** One event for one webhook. */
interface WebhookDelivery {
  /** Sent along as `webhook-id`: the same however often it is sent. */
  id: string;
  webhookId: string;
  kind: WebhookEventKind;
  /** The instance that it is about. */
  resourceId: string;
  /** `failed`: given up. */
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  createdAt: Date;
  attemptedAt: Date | null;
  /** The HTTP status of the last answer. */
  status: number | null;
  /** Why there was no answer. */
  error: string | null;
}
/** What webhooks can be told. */
type WebhookEventKind = 'instance.creating' | 'instance.running' | 'instance.stopping' | 'instance.stopped' | 'instance.starting' | 'instance.failed' | 'instance.deleting' | 'instance.deleted' | 'instance.healthy' | 'instance.unhealthy' | 'operation.succeeded' | 'operation.failed' | 'operation.cancelled' | 'operation.parked';
/** A process that runs steps. */
interface Worker {
  id: string;
  host: string;
  pid: number;
  startedAt: Date;
  /** Renewed each second: what it owns is taken over once this has passed. */
  leaseUntil: Date;
  /** That it carries out now. */
  operations: number;
}
/** A workflow as a diagram shows it, from its own definition. */
interface WorkflowGraph {
  workflow: string;
  version: number;
  /** Steps by their names; `undo NAME`; and the two ends, `succeeded` and `failed`. */
  nodes: Array<{
    id: string;
    kind: 'step' | 'transact' | 'undo' | 'end';
  }>;
  edges: Array<{
    from: string;
    to: string;
    when: 'done' | 'failed';
  }>;
}
/** Part of a list, newest first. `nextCursor` fetches the part after it; null at the end. */
interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
/** The steps of each kind of operation, in order. */
interface WorkflowSteps {
  'create-instance': 'reserve' | 'deploy' | 'await-ready' | 'verify' | 'mark-running';
  'delete-instance': 'mark-deleting' | 'remove' | 'verify-gone' | 'mark-deleted';
  'remove-leftovers': 'remove' | 'verify-gone';
  'start-instance': 'mark-starting' | 'start' | 'await-ready' | 'verify' | 'mark-running';
  'stop-instance': 'mark-stopping' | 'stop' | 'verify-stopped' | 'mark-stopped';
}
/** Why the API refuses a call. Stable: decide by it, not by the message. */
type ErrorCode = 'INVALID_INPUT' | 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'INSTANCE_NOT_FOUND' | 'OPERATION_NOT_FOUND' | 'API_KEY_NOT_FOUND' | 'WEBHOOK_NOT_FOUND' | 'PROJECT_NOT_FOUND' | 'NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'INSTANCE_NAME_TAKEN' | 'API_KEY_NOT_ACTIVE' | 'PROJECT_NAME_TAKEN' | 'PROJECT_NOT_EMPTY' | 'QUOTA_EXCEEDED' | 'INSTANCE_NOT_RUNNING' | 'OPERATION_IN_PROGRESS' | 'IDEMPOTENCY_KEY_IN_PROGRESS' | 'OPERATION_NOT_CANCELLABLE' | 'OPERATION_DONE' | 'ETAG_MISMATCH' | 'PAYLOAD_TOO_LARGE' | 'UNSUPPORTED_MEDIA_TYPE' | 'IDEMPOTENCY_KEY_REUSED' | 'RATE_LIMITED' | 'CALLER_GONE' | 'INTERNAL' | 'UNAVAILABLE' | 'DEADLINE_EXCEEDED';
/** What operations do: those that this version of the package knows; a newer control plane may have more. */
type OperationKind = keyof WorkflowSteps;
/** The steps of operations of a kind. */
type StepName<Kind extends OperationKind = OperationKind> = WorkflowSteps[Kind];
/** One run of a workflow on one instance: a change that takes time, as it stood when it was fetched. */
interface Operation<Kind extends OperationKind = OperationKind> extends Omit<Operation$1, 'workflow' | 'steps'> {
  workflow: Kind;
  /** Every step of the workflow in order, those that have not begun included. */
  steps: OperationStep<Kind>[];
}
/** One step of an operation as seen now. */
interface OperationStep<Kind extends OperationKind = OperationKind> extends Omit<OperationStep$1, 'name'> {
  name: StepName<Kind>;
}
/** One entry of an operation's history; `seq` counts up from 1 without gaps. */
interface OperationEvent<Kind extends OperationKind = OperationKind> extends Omit<OperationEvent$1, 'step'> {
  /** The step it is about; null when it is about the operation as a whole. */
  step: StepName<Kind> | null;
}
/** What a new instance is made from. */
interface CreateInstance extends Omit<CreateInstance$1, 'idempotencyKey' | 'validateOnly'> {}
/** An instance that is to be deleted, among many; with `etag`, only if nobody has changed it since. */
type DeleteItem = DeleteInstances['items'][number];
/** What is changed of an instance. What is not named stays as it is. */
interface UpdateInstance extends Omit<UpdateInstance$1, 'id' | 'etag' | 'idempotencyKey' | 'validateOnly'> {}
/** What a new API key is made from. Without `validDays` it never expires. */
interface CreateApiKey extends Omit<CreateApiKey$1, 'idempotencyKey'> {}
/** How a key is replaced by a new one. */
interface RotateApiKey extends Omit<RotateApiKey$1, 'id' | 'idempotencyKey'> {}
/** What a new project is made from. */
interface CreateProject extends Omit<CreateProject$1, 'idempotencyKey'> {}
/** What is changed of a project. What is left out stays as it is. */
interface UpdateProject extends Omit<UpdateProject$1, 'id' | 'etag' | 'idempotencyKey'> {}
/** What a new webhook is made from. */
interface CreateWebhook extends Omit<CreateWebhook$1, 'idempotencyKey'> {}
/** What is changed of a webhook. What is left out stays as it is. */
interface UpdateWebhook extends Omit<UpdateWebhook$1, 'id' | 'etag' | 'idempotencyKey'> {}
/** Which of a webhook's deliveries to list. */
interface WebhookDeliveryFilter extends Omit<ListWebhookDeliveries, 'id'> {}
/** Which part of a log. */
interface LogOptions extends CallOptions, Pick<ReadLogs, 'tailLines' | 'follow'> {}
/** Which part of a history: the last day, at a resolution that suits its length, unless told. */
interface HealthHistoryRange extends Omit<GetHealthHistory, 'id'> {}
/** Which part of a list: 50 at a time unless `limit` (1 to 1000) says otherwise. */
interface PageRequest extends Omit<ListHealthEvents, 'id'> {}
/** One field of the input that was refused; `path` is dotted, empty for the whole input. */
interface FieldError {
  path: string;
  message: string;
}
/** What a project may have at most of something, and has. */
interface QuotaUse {
  of: 'instances' | 'operations' | 'webhooks';
  limit: number;
  used: number;
}
/** What every call takes. */
interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}
/** What a call takes that changes something. */
interface MutationOptions extends CallOptions {
  /**
   * Makes the call safe to send again: the same key with the same input returns the first answer, for 24 hours.
   * One is made up for each call where none is given, so that the call can be retried after a network failure.
   */
  idempotencyKey?: string | undefined;
}
/** What a change takes that is to be made only to what the caller has seen. */
interface ConditionalOptions extends MutationOptions {
  /** The `etag` of the instance, project or webhook as it was seen: if it has changed since, nothing is done, and a `ConflictError` (`ETAG_MISMATCH`) thrown. */
  etag?: string | undefined;
}
/** A list. Awaited, it is one page; iterated over, every item: page after page is fetched as it is needed. */
interface Listing<Item> extends Promise<Page<Item>>, AsyncIterable<Item> {}
interface ToygresOptions {
  /** Where the control plane listens, for example `http://127.0.0.1:7420`. */
  url: string;
  /**
   * Sent as `Authorization: Bearer`, never in a URL; a function is asked before each request, for tokens that expire. Without it no
   * such header is sent: for a page whose origin is the control plane's, and which is signed in by a cookie.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /** The project to act in, by its id or its name, for a key that opens more than one. */
  project?: string | undefined;
  /**
   * How long a read waits for its answer, however often it is repeated meanwhile: two minutes unless told. What waits for an operation,
   * or follows something, goes on all the same.
   */
  readTimeoutMs?: number | undefined;
  /** Used instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}
/** Who did what, or tried to. */
interface Audit {
  /** The entries, newest first. */
  list(filter?: ListAudit, options?: CallOptions): Listing<AuditEntry>;
}
/** Where instances are not what they should be: found by the control plane by itself, and repaired by it where it can. */
interface Drifts {
  /** What differs now, newest first; with `includeResolved`, what did before, too. */
  list(filter?: ListDrift, options?: CallOptions): Listing<Drift>;
}
/** The health of instances: each is checked by a login and a few questions, every 30 seconds unless told otherwise. */
interface HealthChecks {
  /**
   * What the last check saw, and when the next one is due.
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  get(idOrName: string, options?: CallOptions): Promise<Health>;
  /** The health of every instance that is not deleted, in the order of `instances.list`: that of the newest first. */
  list(page?: PageRequest, options?: CallOptions): Listing<Health>;
  /**
   * Sets how often an instance is checked, from 5 to 3600 seconds. Where that changes, the next check is made at once.
   * @throws {InvalidInputError} when the interval is out of these bounds
   * @throws {ConflictError} `ETAG_MISMATCH`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  configure(idOrName: string, settings: HealthSettings, options?: ConditionalOptions): Promise<Health>;
  /**
   * The checks of a range of time, as points, with the percentage that succeeded.
   * @throws {InvalidInputError} when the range is empty, or too long for the resolution
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  history(idOrName: string, range?: HealthHistoryRange, options?: CallOptions): Promise<HealthHistory>;
  /** Every change of an instance's health, newest first. */
  events(idOrName: string, page?: PageRequest, options?: CallOptions): Listing<HealthEvent>;
}
/** How an instance is checked. */
interface HealthSettings {
  checkIntervalSeconds: number;
}
/** The codes that errors of this package carry: the API's, and three of its own. */
type ToygresErrorCode = ErrorCode | 'OPERATION_FAILED' | 'OPERATION_CANCELLED' | 'WAIT_TIMEOUT';
interface ToygresErrorOptions {
  requestId?: string | undefined;
  retryable?: boolean | undefined;
  retryAfterMs?: number | undefined;
  operationId?: string | undefined;
  fields?: FieldError[] | undefined;
  quota?: QuotaUse | undefined;
  cause?: unknown;
}
/** Every error of this package. `message` is one sentence that says what to do. */
export declare class ToygresError extends Error {
  name: string;
  /** Stable: decide by it, or by the class, not by the message. */
  readonly code: ToygresErrorCode;
  /** Names the call in the control plane's log; undefined when no answer came. */
  readonly requestId: string | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the control plane asks to wait before that. */
  readonly retryAfterMs: number | undefined;
  /** The operation that is in the way, or that it is about. */
  readonly operationId: string | undefined;
  /** The fields of the input that were refused. */
  readonly fields: FieldError[] | undefined;
  /** The quota of the project that is used up. */
  readonly quota: QuotaUse | undefined;
  constructor(code: ToygresErrorCode, message: string, options?: ToygresErrorOptions);
}
/** The input breaks a rule, which the message names; see `fields`. */
export declare class InvalidInputError extends ToygresError {
  name: string;
}
/** The API key is missing, wrong or no longer valid. */
export declare class UnauthenticatedError extends ToygresError {
  name: string;
}
/** The API key is good, but its role may not do this. */
export declare class PermissionDeniedError extends ToygresError {
  name: string;
}
/** There is no such thing, or not for you: an instance, an operation, a project, a key. */
export declare class NotFoundError extends ToygresError {
  name: string;
}
/** The call does not fit the state of things: a name is taken, another operation runs (`operationId`), a quota is used up (`quota`). */
export declare class ConflictError extends ToygresError {
  name: string;
}
/** Too many calls in too short a time: `retryAfterMs` says when there is room again. */
export declare class RateLimitedError extends ToygresError {
  name: string;
}
/** The control plane cannot be reached, or says that it cannot work now. */
export declare class UnavailableError extends ToygresError {
  name: string;
}
/** Something broke inside the control plane; its log tells what, under `requestId`. */
export declare class InternalError extends ToygresError {
  name: string;
}
/** The operation that was waited for ended as `failed` or `cancelled`. */
export declare class OperationFailedError extends ToygresError {
  name: string;
  /** The operation as it ended; `operation.error` tells which step failed, and why. */
  readonly operation: Operation;
  constructor(operation: Operation);
}
/** The operation had not ended after `timeoutMs`. It goes on: it can be waited for again. */
export declare class WaitTimeoutError extends ToygresError {
  name: string;
  constructor(operationId: string, timeoutMs: number);
}
/** How to watch an operation. */
interface WatchOptions {
  /** Leaves out the events up to this one. */
  afterSeq?: number | undefined;
  /** Ends the watching: the iteration throws the signal's reason. The operation goes on. */
  signal?: AbortSignal | undefined;
}
/** How to wait for an operation. */
interface WaitOptions<Kind extends OperationKind = OperationKind> {
  /** Is given every event of the operation, from its first, in order, each once. */
  onProgress?: ((event: OperationEvent<Kind>) => void) | undefined;
  /** Is told that the control plane cannot be reached, and why; with null when it answers again. */
  onAway?: ((why: ToygresError | null) => void) | undefined;
  /** Gives the waiting up: it rejects with the signal's reason. The operation goes on. */
  signal?: AbortSignal | undefined;
  /** Gives the waiting up after this many milliseconds, with a `WaitTimeoutError`. The operation goes on. */
  timeoutMs?: number | undefined;
}
/** An operation as it stood when it was fetched, and what can be done with it. As JSON it is the plain operation. */
interface OperationHandle<Kind extends OperationKind = OperationKind> extends Operation<Kind> {
  /**
   * Waits until it has ended and resolves with it as it ended. Network failures and restarts of the control plane
   * are waited out.
   * @throws {OperationFailedError} when it ended as `failed` or `cancelled`
   * @throws {WaitTimeoutError} when it had not ended after `timeoutMs`
   */
  wait(options?: WaitOptions<Kind>): Promise<Operation<Kind>>;
  /** Every event of it, in order, each once, until it has ended. */
  events(options?: WatchOptions): AsyncIterable<OperationEvent<Kind>>;
  /**
   * Asks it to stop, and answers at once; it ends as `cancelled` when what it did is undone.
   * @throws {ConflictError} when it has ended already, or cannot be cancelled
   */
  cancel(options?: MutationOptions): Promise<Operation<Kind>>;
  /** The plain operation. */
  toJSON(): Operation<Kind>;
}
/** A change was accepted: the instance as it is now, and the operation that carries it out. */
interface Accepted<Kind extends OperationKind = OperationKind> {
  instance: Instance;
  operation: OperationHandle<Kind>;
}
/** A change that may need nothing done: the instance as it is now, and the operation that carries out what takes time; null when nothing does. */
interface Updated<Kind extends OperationKind = OperationKind> {
  instance: Instance;
  operation: OperationHandle<Kind> | null;
}
/** A change that was asked for. Awaited, it is what the control plane answers at once. */
interface Accepting<Kind extends OperationKind = OperationKind> extends Promise<Accepted<Kind>> {
  /**
   * Waits until the change is made and resolves with the instance as it is then.
   * @throws {OperationFailedError} when the operation ended as `failed` or `cancelled`
   * @throws {WaitTimeoutError} when it had not ended after `timeoutMs`
   */
  wait(options?: WaitOptions<Kind>): Promise<Instance>;
}
/** A change that was asked for and may need nothing done. Awaited, it is what the control plane answers at once. */
interface Updating<Kind extends OperationKind = OperationKind> extends Promise<Updated<Kind>> {
  /** Waits until what takes time of it is done, and resolves with the instance as it is then. */
  wait(options?: WaitOptions<Kind>): Promise<Instance>;
}
/** How to watch the instances. */
interface WatchInstancesOptions extends CallOptions {
  /** Is told when a connection is there, and when it is lost and the next one is tried. */
  onConnection?: ((connected: boolean) => void) | undefined;
}
/** PostgreSQL servers. Where an instance is asked for, its id serves as well as its name. */
interface Instances {
  /**
   * Asks for a new instance. It can be used when `wait()`, of this or of `operation`, resolves.
   * @example const instance = await toygres.instances.create({ name: 'orders' }).wait()
   * @throws {ConflictError} `INSTANCE_NAME_TAKEN`
   * @throws {InvalidInputError} when the name or the version breaks a rule
   */
  create(input: CreateInstance, options?: MutationOptions): Accepting<'create-instance'>;
  /** @throws {NotFoundError} `INSTANCE_NOT_FOUND` */
  get(idOrName: string, options?: CallOptions): Promise<Instance>;
  /** The instances, newest first. */
  list(filter?: ListInstances, options?: CallOptions): Listing<Instance>;
  /**
   * Changes settings of an instance. With `etag`, only if nobody else has changed it since.
   * @example await toygres.instances.update('orders', { labels: { team: 'sales' } }, { etag: instance.etag })
   * @throws {ConflictError} `ETAG_MISMATCH`, `OPERATION_IN_PROGRESS`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  update(idOrName: string, changes: UpdateInstance, options?: ConditionalOptions): Updating;
  /**
   * Asks for an instance and its data to be removed, for good. Stops what else runs on it first.
   * @throws {ConflictError} `ETAG_MISMATCH`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  delete(idOrName: string, options?: ConditionalOptions): Accepting<'delete-instance'>;
  /**
   * Asks for the server of an instance to be stopped; its data, address and password stay. `operation` is null where it is stopped already.
   * @example await toygres.instances.stop('orders').wait()
   * @throws {ConflictError} `INSTANCE_NOT_RUNNING`, `OPERATION_IN_PROGRESS`, `ETAG_MISMATCH`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  stop(idOrName: string, options?: ConditionalOptions): Updating<'stop-instance'>;
  /** Asks for a stopped instance to run again, on the address that it had. `operation` is null where it runs already. */
  start(idOrName: string, options?: ConditionalOptions): Updating<'start-instance'>;
  /** What `create` would do: everything is checked, and nothing is done (`validateOnly`). */
  planCreate(input: CreateInstance, options?: CallOptions): Promise<Plan>;
  /** What `update` would do. */
  planUpdate(idOrName: string, changes: UpdateInstance, options?: PlanOptions): Promise<Plan>;
  /** What `delete` would do. */
  planDelete(idOrName: string, options?: PlanOptions): Promise<Plan>;
  /** What `stop` would do. */
  planStop(idOrName: string, options?: PlanOptions): Promise<Plan>;
  /** What `start` would do. */
  planStart(idOrName: string, options?: PlanOptions): Promise<Plan>;
  /**
   * Asks for up to 500 new instances. Each has a result of its own, in their order: the instance and its operation, or an `error`.
   * @example const results = await toygres.instances.createMany([{ name: 'orders' }, { name: 'billing' }])
   */
  createMany(items: readonly CreateInstance[], options?: MutationOptions): Promise<BulkResult[]>;
  /** Asks for up to 500 instances to be removed, with a result for each, in their order. */
  deleteMany(items: readonly DeleteItem[], options?: MutationOptions): Promise<BulkResult[]>;
  /**
   * Every instance as it changes, until the signal says stop; interruptions are waited out. Begins with a `reset`, and
   * has another where changes may have been missed: what was listed before is to be listed again then.
   */
  watch(options?: WatchInstancesOptions): AsyncIterable<InstanceChange>;
  /** The last lines that the server of an instance wrote; with `follow`, each new one as it comes, until the signal says stop. */
  logs(idOrName: string, options?: LogOptions): AsyncIterable<LogLine>;
  /**
   * Reveals how to log in, password included: what `postgres(...)` and `new pg.Client(...)` take as it is. The control plane keeps a
   * record of it.
   * @throws {ConflictError} `INSTANCE_NOT_RUNNING`
   */
  connection(idOrName: string, options?: CallOptions): Promise<Connection>;
}
/** What the plan of a change takes. */
type PlanOptions = Omit<ConditionalOptions, 'idempotencyKey'>;
/** Who may call the control plane, and as what. */
interface Keys {
  /** The keys, newest first; never what they open with. */
  list(filter?: ListApiKeys, options?: CallOptions): Listing<ApiKey>;
  /** @throws {NotFoundError} `API_KEY_NOT_FOUND` */
  get(id: string, options?: CallOptions): Promise<ApiKey>;
  /** Makes a key. `secret` is what calls are made with, and is told this once. */
  create(input: CreateApiKey, options?: MutationOptions): Promise<CreatedApiKey>;
  /**
   * Ends a key, from now on and for good; again does nothing.
   * @throws {NotFoundError} `API_KEY_NOT_FOUND`
   */
  revoke(id: string, options?: MutationOptions): Promise<ApiKey>;
  /**
   * Makes a new key in the place of this one, which still opens for `overlapSeconds`: a day unless told.
   * @throws {ConflictError} `API_KEY_NOT_ACTIVE`
   */
  rotate(id: string, how?: RotateApiKey, options?: MutationOptions): Promise<CreatedApiKey>;
}
/** Changes that take time: what is asked for, runs now, or has ended. */
interface Operations {
  /** @throws {NotFoundError} `OPERATION_NOT_FOUND` */
  get(id: string, options?: GetOperationOptions): Promise<OperationHandle>;
  /** The operations, newest first. */
  list(filter?: ListOperations, options?: CallOptions): Listing<Operation>;
  /** What happened to operations: the newest operation first, and of each the newest event. */
  events(filter?: ListOperationEvents, options?: CallOptions): Listing<OperationHistoryEvent>;
  /** The workflow that an operation runs, as a graph of its steps. */
  graph(id: string, options?: CallOptions): Promise<WorkflowGraph>;
  /** Every event of an operation, in order, each once, until it has ended; resumes by itself after an interruption. */
  watch(id: string, options?: WatchOptions): AsyncIterable<OperationEvent>;
  /**
   * Asks an operation to stop, and answers at once; it ends as `cancelled` when what it did is undone.
   * @throws {ConflictError} `OPERATION_DONE`, `OPERATION_NOT_CANCELLABLE`
   */
  cancel(id: string, options?: MutationOptions): Promise<Operation>;
  /**
   * Lets an operation that failed, or is parked, go on from the step that it stopped at; what it undid, it does again. One
   * that could not undo everything tries that again. One that runs is left alone.
   * @throws {ConflictError} `OPERATION_DONE`, `OPERATION_IN_PROGRESS`
   */
  retry(id: string, options?: MutationOptions): Promise<OperationHandle>;
}
/** How to get an operation. */
interface GetOperationOptions extends CallOptions {
  /** Answers when it has ended, or after so many seconds with how it stands then: 60 at most, at once unless told. */
  waitSeconds?: number | undefined;
}
/** Tenants: the instances, operations and keys of one are not there for the others. A project is asked for by its id or its name. */
interface Projects {
  /** The projects that the caller may see, newest first. */
  list(filter?: ListProjects, options?: CallOptions): Listing<Project>;
  /** @throws {NotFoundError} `PROJECT_NOT_FOUND` */
  get(idOrName: string, options?: CallOptions): Promise<Project>;
  /** @throws {ConflictError} `PROJECT_NAME_TAKEN` */
  create(input: CreateProject, options?: MutationOptions): Promise<Project>;
  /**
   * Changes the quota of a project. What is in use beyond it stays; only nothing is added. With `etag`, only if nobody else has
   * changed it since.
   * @throws {NotFoundError} `PROJECT_NOT_FOUND`
   */
  update(idOrName: string, changes: UpdateProject, options?: ConditionalOptions): Promise<Project>;
  /**
   * Removes a project that is empty.
   * @throws {ConflictError} `PROJECT_NOT_EMPTY`
   */
  delete(idOrName: string, options?: ConditionalOptions): Promise<Project>;
}
/** The control plane itself. */
interface System {
  /** Whether it can do its work. */
  health(options?: CallOptions): Promise<SystemHealth>;
  /** Where and in which versions it runs, and how much it has to do. */
  status(options?: CallOptions): Promise<SystemStatus>;
  /** Who works, what waits, and how much was done in the last hour. */
  activity(options?: CallOptions): Promise<SystemActivity>;
}
/** How to log in to an instance that is there for a while, and the instance. */
interface TemporaryInstance extends Connection {
  instance: Instance;
}
/**
 * What a temporary instance is made from, and how it is waited for. `signal` ends the work, too: then the instance is removed at once.
 * `timeoutMs` is how long is waited for it to be made, and once more for it to be removed; ten minutes unless told.
 */
interface TemporaryInstanceOptions extends Omit<CreateInstance, 'name'>, WaitOptions<'create-instance'> {}
/** URLs that are told what happens in a project, by signed messages in the form of Standard Webhooks. */
interface Webhooks {
  /** The webhooks, newest first. */
  list(filter?: ListWebhooks, options?: CallOptions): Listing<Webhook>;
  /** @throws {NotFoundError} `WEBHOOK_NOT_FOUND` */
  get(id: string, options?: CallOptions): Promise<Webhook>;
  /** Makes a webhook. `secret` is what its messages are verified with, and is told this once. */
  create(input: CreateWebhook, options?: MutationOptions): Promise<CreatedWebhook>;
  /**
   * Changes a webhook, or enables one that was disabled. With `etag`, only if nobody else has changed it since.
   * @throws {NotFoundError} `WEBHOOK_NOT_FOUND`
   */
  update(id: string, changes: UpdateWebhook, options?: ConditionalOptions): Promise<Webhook>;
  /** @throws {NotFoundError} `WEBHOOK_NOT_FOUND` */
  delete(id: string, options?: ConditionalOptions): Promise<Webhook>;
  /** What it was sent in the last 7 days, and how that went; newest first. */
  deliveries(id: string, filter?: WebhookDeliveryFilter, options?: CallOptions): Listing<WebhookDelivery>;
  /** Sends an event again, whatever became of it. */
  redeliver(id: string, deliveryId: string, options?: MutationOptions): Promise<WebhookDelivery>;
}
/** A client of one control plane. It holds no connection open between calls, so it needs no closing. */
interface Toygres {
  readonly instances: Instances;
  readonly operations: Operations;
  readonly health: HealthChecks;
  readonly drift: Drifts;
  readonly keys: Keys;
  readonly projects: Projects;
  readonly webhooks: Webhooks;
  readonly audit: Audit;
  readonly system: System;
  /**
   * Makes an instance, hands it to the work, and removes it when the work has ended: well, by an error, or because `signal` was
   * aborted. For tests that want a PostgreSQL of their own.
   * @example
   * await toygres.withTemporaryInstance(async ({ connectionString }) => {
   *   const sql = postgres(connectionString)
   *   ...
   * })
   */
  withTemporaryInstance<Result>(work: (temporary: TemporaryInstance) => Result | Promise<Result>, options?: TemporaryInstanceOptions): Promise<Result>;
}
/**
 * Makes a client; nothing is sent yet.
 *
 * Calls that fail on the way, or find the control plane unavailable, are made four times at most, half a second or so apart
 * in all; one that is not answered within 30 seconds has failed.
 *
 * @example
 * const toygres = createToygres({ url: 'http://127.0.0.1:7420', apiKey })
 * const instance = await toygres.instances.create({ name: 'orders' }).wait()
 * const { connectionString } = await toygres.instances.connection(instance.id)
 * @throws {InvalidInputError} when the url or the key cannot be one
 */
export declare function createToygres(options: ToygresOptions): Toygres;
export type { Accepted, Accepting, ApiKey, Audit, AuditEntry, BulkResult, CallOptions, ConditionalOptions, Connection, CreateApiKey, CreateInstance, CreateProject, CreateWebhook, CreatedApiKey, CreatedWebhook, DeleteItem, Drift, DriftKind, Drifts, ErrorCode, FieldError, GetOperationOptions, Health, HealthChecks, HealthEvent, HealthHistory, HealthHistoryRange, HealthPoint, HealthReason, HealthResolution, HealthSettings, HealthStatus, Instance, InstanceChange, InstanceState, Instances, ItemError, Keys, LabelChanges, Labels, ListApiKeys, ListAudit, ListDrift, ListInstances, ListOperationEvents, ListOperations, ListProjects, ListWebhooks, Listing, LogLine, LogOptions, MutationOptions, Operation, OperationError, OperationEvent, OperationHandle, OperationHistoryEvent, OperationKind, OperationState, OperationStep, Operations, Page, PageRequest, Plan, PlanOptions, PlannedChange, PlannedStep, PostgresVersion, Project, Projects, Quota, QuotaUse, Role, RotateApiKey, StepName, StepState, System, SystemActivity, SystemHealth, SystemStatus, TemporaryInstance, TemporaryInstanceOptions, Toygres, ToygresErrorCode, ToygresErrorOptions, ToygresOptions, UpdateInstance, UpdateProject, UpdateWebhook, Updated, Updating, WaitOptions, WatchInstancesOptions, WatchOptions, Webhook, WebhookDelivery, WebhookDeliveryFilter, WebhookEventKind, Webhooks, WorkflowGraph };