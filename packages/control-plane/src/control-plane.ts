import type {
  Accepted,
  CancelOperation,
  ApiKey,
  ApiKeyPage,
  ConfigureHealth,
  Connection,
  CreateApiKey,
  CreatedApiKey,
  CreateInstance,
  DeleteInstance,
  DriftPage,
  GetHealthHistory,
  GetOperation,
  Health,
  HealthEventPage,
  HealthHistory,
  Instance,
  InstanceIdOrName,
  InstancePage,
  ListDrift,
  ListHealthEvents,
  ListApiKeys,
  ListInstances,
  ListOperations,
  Operation,
  OperationEvent,
  OperationId,
  OperationPage,
  Plan,
  Principal,
  RetryOperation,
  RevokeApiKey,
  SystemHealth,
  SystemStatus,
  UpdateInstance,
  Updated,
} from '@toygres/schema'

/** Everything a transport may ask of the control plane. Every refusal is a `ToygresError`. */
export interface ControlPlane {
  readonly instances: Instances
  readonly operations: Operations
  readonly health: HealthApi
  readonly drift: DriftApi
  readonly keys: Keys
  readonly system: System
  /** Who holds this API key (`toygres_<id>_<secret>`); null when nobody does, or no longer. */
  authenticate(apiKey: string): Promise<Principal | null>
}

export interface Instances {
  create(principal: Principal, request: CreateInstance): Promise<Accepted>
  /** What `create` would do; refuses what it would refuse, and writes nothing. The others likewise. */
  planCreate(request: CreateInstance): Promise<Plan>
  get(id: InstanceIdOrName): Promise<Instance>
  list(request: ListInstances): Promise<InstancePage>
  update(principal: Principal, request: UpdateInstance): Promise<Updated>
  planUpdate(request: UpdateInstance): Promise<Plan>
  /** Pre-empts what runs on the instance: that is cancelled and undone, then the deletion proceeds. */
  delete(principal: Principal, request: DeleteInstance): Promise<Accepted>
  planDelete(request: DeleteInstance): Promise<Plan>
  /** Reveals the password; leaves an audit entry. */
  connection(principal: Principal, id: InstanceIdOrName): Promise<Connection>
}

export interface Operations {
  get(id: OperationId): Promise<Operation>
  /** As it stands when it has ended, or when `waitSeconds` are over or the signal says so. */
  wait(request: GetOperation, signal: AbortSignal): Promise<Operation>
  list(request: ListOperations): Promise<OperationPage>
  /** Every event after `afterSeq` (0: from the first), none lost or repeated, until the operation is done. */
  watch(id: OperationId, options: { afterSeq: number; signal: AbortSignal }): AsyncIterable<OperationEvent>
  /** Asks for a stop; the operation ends as `cancelled` once what it did is undone. Idempotent. */
  cancel(principal: Principal, request: CancelOperation): Promise<Operation>
  /** Lets one that failed, or is parked, go on from the step that it stopped at. One that runs already is left alone. */
  retry(principal: Principal, request: RetryOperation): Promise<Operation>
}

export interface Keys {
  list(request: ListApiKeys): Promise<ApiKeyPage>
  /** The only time that the secret is seen. */
  create(principal: Principal, request: CreateApiKey): Promise<CreatedApiKey>
  /** From now on, for good. Idempotent. */
  revoke(principal: Principal, request: RevokeApiKey): Promise<ApiKey>
}

export interface HealthApi {
  get(id: InstanceIdOrName): Promise<Health>
  /** The next check is due at once, those after it at the new interval. */
  configure(principal: Principal, request: ConfigureHealth): Promise<Health>
  history(request: GetHealthHistory): Promise<HealthHistory>
  /** Every change of its health, newest first. */
  events(request: ListHealthEvents): Promise<HealthEventPage>
}

export interface DriftApi {
  /** Differences between metadata and provider, newest first. */
  list(request: ListDrift): Promise<DriftPage>
}

export interface System {
  health(): Promise<SystemHealth>
  status(): Promise<SystemStatus>
}
