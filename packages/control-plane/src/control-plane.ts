import type {
  Accepted,
  BulkAccepted,
  CancelOperation,
  ApiKey,
  ApiKeyId,
  ApiKeyPage,
  AuditPage,
  ConfigureHealth,
  Connection,
  CreateApiKey,
  CreatedApiKey,
  CreateInstance,
  CreateInstances,
  CreateProject,
  CreateWebhook,
  CreatedWebhook,
  DeleteWebhook,
  DeleteInstance,
  DeleteInstances,
  DeleteProject,
  DriftPage,
  GetHealthHistory,
  GetOperation,
  Health,
  HealthEventPage,
  HealthHistory,
  HealthPage,
  Instance,
  InstanceChange,
  InstanceIdOrName,
  InstancePage,
  ListDrift,
  ListHealth,
  ListHealthEvents,
  ListApiKeys,
  ListAudit,
  ListInstances,
  ListOperationEvents,
  ListOperations,
  ListProjects,
  ListWebhookDeliveries,
  ListWebhooks,
  RedeliverWebhook,
  LogLine,
  Operation,
  OperationEvent,
  OperationEventPage,
  OperationId,
  OperationPage,
  Plan,
  Principal,
  Project,
  ProjectIdOrName,
  ProjectPage,
  ReadLogs,
  RetryOperation,
  RevokeApiKey,
  RotateApiKey,
  Session,
  StartInstance,
  StopInstance,
  SystemActivity,
  SystemHealth,
  SystemStatus,
  UpdateInstance,
  Updated,
  UpdateProject,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookPage,
  WorkflowGraph,
} from '@toygres/schema'
import type { Refusal } from './access/audit.ts'

/** Everything a transport may ask of the control plane. Every refusal is a `ToygresError`. */
export interface ControlPlane {
  readonly instances: Instances
  readonly operations: Operations
  readonly health: HealthApi
  readonly drift: DriftApi
  readonly keys: Keys
  readonly projects: Projects
  readonly webhooks: Webhooks
  readonly audit: AuditLog
  readonly sessions: Sessions
  readonly system: System
  /**
   * Who holds this API key (`toygres_<id>_<secret>`) or token; null for a key that nobody holds, or no longer. `project` is where the call acts:
   * one of a project acts there; one of the system, in the default project unless told.
   * @throws {ToygresError} PROJECT_NOT_FOUND for a project that is not there for it
   */
  authenticate(apiKey: string, project?: ProjectIdOrName): Promise<Principal | null>
  /** The same for one call, whose work ends with it. Streams have signals of their own. */
  during(call: CallScope): ControlPlane
}

/** What a call is, for those who carry it out. */
export interface CallScope {
  /** Aborted when the caller has gone, with `TimeoutError` when its time is up: what is not committed then is not done. */
  readonly signal: AbortSignal
  /** The answer is the one that was given before to this idempotency key. */
  readonly onReplayed: () => void
}

export interface Instances {
  create(principal: Principal, request: CreateInstance): Promise<Accepted>
  /** What `create` would do; refuses what it would refuse, and writes nothing. The others likewise. */
  planCreate(principal: Principal, request: CreateInstance): Promise<Plan>
  get(principal: Principal, id: InstanceIdOrName): Promise<Instance>
  list(principal: Principal, request: ListInstances): Promise<InstancePage>
  update(principal: Principal, request: UpdateInstance): Promise<Updated>
  planUpdate(principal: Principal, request: UpdateInstance): Promise<Plan>
  /** Pre-empts what runs on the instance: that is cancelled and undone, then the deletion proceeds. */
  delete(principal: Principal, request: DeleteInstance): Promise<Accepted>
  planDelete(principal: Principal, request: DeleteInstance): Promise<Plan>
  /** Ends its server, and keeps all else. Gives way to what is under way, and has the system's repairs give way. */
  stop(principal: Principal, request: StopInstance): Promise<Updated>
  planStop(principal: Principal, request: StopInstance): Promise<Plan>
  /** Makes a stopped one run again, on the address that it had. */
  start(principal: Principal, request: StartInstance): Promise<Updated>
  planStart(principal: Principal, request: StartInstance): Promise<Plan>
  /** The server's log: its last lines, oldest first; with `follow`, each new one too. */
  logs(principal: Principal, request: ReadLogs, signal: AbortSignal): AsyncIterable<LogLine>
  /** As many calls of `create` would do, each item with its own result. */
  createMany(principal: Principal, request: CreateInstances): Promise<BulkAccepted>
  deleteMany(principal: Principal, request: DeleteInstances): Promise<BulkAccepted>
  /**
   * Every instance as it changes, after the position `after` of an earlier watch; `reset` where what came after that is
   * not known. Never ends by itself.
   */
  watch(
    principal: Principal,
    options: { after: string | undefined; signal: AbortSignal },
  ): AsyncIterable<InstanceChange>
  /** Reveals the password; leaves an audit entry. */
  connection(principal: Principal, id: InstanceIdOrName): Promise<Connection>
}

export interface Operations {
  get(principal: Principal, id: OperationId): Promise<Operation>
  /** As it stands when it has ended, or when `waitSeconds` are over or the signal says so. */
  wait(principal: Principal, request: GetOperation, signal: AbortSignal): Promise<Operation>
  list(principal: Principal, request: ListOperations): Promise<OperationPage>
  /** What happened to them: the newest operation first, and of each the newest event. */
  events(principal: Principal, request: ListOperationEvents): Promise<OperationEventPage>
  /** The workflow that it runs, in the version that it runs. */
  graph(principal: Principal, id: OperationId): Promise<WorkflowGraph>
  /** Every event after `afterSeq` (0: from the first), none lost or repeated, until the operation is done. */
  watch(
    principal: Principal,
    id: OperationId,
    options: { afterSeq: number; signal: AbortSignal },
  ): AsyncIterable<OperationEvent>
  /** Asks for a stop; the operation ends as `cancelled` once what it did is undone. Idempotent. */
  cancel(principal: Principal, request: CancelOperation): Promise<Operation>
  /** Lets one that failed, or is parked, go on from the step that it stopped at. One that runs already is left alone. */
  retry(principal: Principal, request: RetryOperation): Promise<Operation>
}

export interface Keys {
  list(principal: Principal, request: ListApiKeys): Promise<ApiKeyPage>
  get(principal: Principal, id: ApiKeyId): Promise<ApiKey>
  /** The only time that the secret is seen. */
  create(principal: Principal, request: CreateApiKey): Promise<CreatedApiKey>
  /** From now on, for good. Idempotent. */
  revoke(principal: Principal, request: RevokeApiKey): Promise<ApiKey>
  /** A new key in the place of one, which goes on for as long as is asked. */
  rotate(principal: Principal, request: RotateApiKey): Promise<CreatedApiKey>
}

export interface AuditLog {
  list(principal: Principal, request: ListAudit): Promise<AuditPage>
  /** For what a transport refuses before it gets here. */
  refused(principal: Principal, refusal: Refusal): Promise<void>
}

export interface Webhooks {
  list(principal: Principal, request: ListWebhooks): Promise<WebhookPage>
  get(principal: Principal, id: string): Promise<Webhook>
  /** The only time that the secret is seen. */
  create(principal: Principal, request: CreateWebhook): Promise<CreatedWebhook>
  update(principal: Principal, request: UpdateWebhook): Promise<Webhook>
  /** What is still to be sent to it is forgotten. */
  delete(principal: Principal, request: DeleteWebhook): Promise<Webhook>
  deliveries(principal: Principal, request: ListWebhookDeliveries): Promise<WebhookDeliveryPage>
  /** Sends an event again: before what else is to be sent of its resource. */
  redeliver(principal: Principal, request: RedeliverWebhook): Promise<WebhookDelivery>
}

export interface Projects {
  /** One of a project sees only its own. */
  list(principal: Principal, request: ListProjects): Promise<ProjectPage>
  get(principal: Principal, id: ProjectIdOrName): Promise<Project>
  create(principal: Principal, request: CreateProject): Promise<Project>
  update(principal: Principal, request: UpdateProject): Promise<Project>
  /** One that has no instances, and no operations under way. Its keys open nothing from then on. */
  delete(principal: Principal, request: DeleteProject): Promise<Project>
}

/** Browsers that are signed in. */
export interface Sessions {
  /** The only time that the token is seen. Refuses a key that opens nothing. */
  open(apiKey: string): Promise<{ token: string; session: Session }>
  /** Who is signed in with this token; null when nobody is, or no longer. */
  find(token: string): Promise<Session | null>
  /** The same as a caller; `project` as for an API key. */
  authenticate(token: string, project?: ProjectIdOrName): Promise<Principal | null>
  /** From now on, for good. Idempotent. */
  close(token: string): Promise<void>
}

export interface HealthApi {
  get(principal: Principal, id: InstanceIdOrName): Promise<Health>
  /** That of every instance that is not deleted, in the order of their list. */
  list(principal: Principal, request: ListHealth): Promise<HealthPage>
  /** Where that changes, the next check is due at once, and those after it at the new interval. */
  configure(principal: Principal, request: ConfigureHealth): Promise<Health>
  history(principal: Principal, request: GetHealthHistory): Promise<HealthHistory>
  /** Every change of its health, newest first. */
  events(principal: Principal, request: ListHealthEvents): Promise<HealthEventPage>
}

export interface DriftApi {
  /** Differences between metadata and provider, newest first. */
  list(principal: Principal, request: ListDrift): Promise<DriftPage>
}

export interface System {
  health(): Promise<SystemHealth>
  status(): Promise<SystemStatus>
  /** Who works, what waits, and how much was done. */
  activity(): Promise<SystemActivity>
}
