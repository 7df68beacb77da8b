import type { ApiErrorData, ApiInputs, ApiOutputs } from '@toygres/api/router'

/** One hosted PostgreSQL server. */
export interface Instance extends InstanceFields {}
type InstanceFields = ApiOutputs['instances']['get']

/** `creating`, `running`, `deleting`, `deleted` or `failed`. */
export type InstanceState = Instance['state']

/** `healthy`, `unhealthy` or `unknown`. */
export type HealthStatus = Instance['healthStatus']

/** A major version of PostgreSQL. */
export type PostgresVersion = Instance['version']

/** How to log in to an instance. Holds the password: take care where it goes. */
export interface Connection extends ConnectionFields {}
type ConnectionFields = ApiOutputs['instances']['connection']

/** One run of a workflow on one instance: a change that takes time, as it stood when it was fetched. */
export interface Operation extends OperationFields {}
type OperationFields = ApiOutputs['operations']['get']

/** `done` is true in exactly three of them: `succeeded`, `failed` and `cancelled`. */
export type OperationState = Operation['state']

/** One step of an operation. */
export type OperationStep = Operation['steps'][number]

/** One entry of an operation's history; `seq` counts up from 1 without gaps. */
export interface OperationEvent extends OperationEventFields {}
type WatchOutput = ApiOutputs['operations']['watch']
type OperationEventFields = WatchOutput extends AsyncIterable<{ data: infer Event }> ? Event : never

/** What the last health check of an instance saw. What it could not see is null. */
export interface Health extends HealthFields {}
type HealthFields = ApiOutputs['health']['get']

/** Why a health check failed. Stable: decide by it. */
export type HealthReason = NonNullable<Health['reason']>

/** The health of an instance over a range of time, oldest point first. A time without checks has no points. */
export interface HealthHistory extends HealthHistoryFields {}
type HealthHistoryFields = ApiOutputs['health']['history']

/** One check, or those of one minute or hour together. */
export type HealthPoint = HealthHistory['points'][number]

/** `raw`: every check, kept for 24 hours; `minute`, for 7 days; `hour`, for 90 days. */
export type HealthResolution = HealthHistory['resolution']

/** A change of an instance's health, and why. */
export type HealthEvent = ApiOutputs['health']['events']['items'][number]

/** A difference between what there should be and what there is, and what is done about it. */
export type Drift = ApiOutputs['drift']['list']['items'][number]

/** How what there is can differ from what there should be. */
export type DriftKind = Drift['kind']

/** Whether the control plane can do its work. */
export interface SystemHealth extends SystemHealthFields {}
type SystemHealthFields = ApiOutputs['system']['health']

/** The control plane as its operators see it. */
export interface SystemStatus extends SystemStatusFields {}
type SystemStatusFields = ApiOutputs['system']['status']

/** An API key, without what it opens with. */
export interface ApiKey extends ApiKeyFields {}
type ApiKeyFields = ApiOutputs['keys']['revoke']

/** A new API key; `secret` is what calls are made with. */
export interface CreatedApiKey extends CreatedApiKeyFields {}
type CreatedApiKeyFields = ApiOutputs['keys']['create']

/** What a new API key is made from. Without `validDays` it never expires. */
export interface CreateApiKey extends CreateApiKeyFields {}
type CreateApiKeyFields = Omit<ApiInputs['keys']['create'], 'idempotencyKey'>

/** Part of a list, newest first. `nextCursor` fetches the part after it; null at the end. */
export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

/** What a new instance is made from. */
export interface CreateInstance extends Omit<
  ApiInputs['instances']['create'],
  'idempotencyKey' | 'validateOnly'
> {}

/** Which instances to list: 50 at a time unless `limit` (1 to 1000) says otherwise, the deleted ones left out. */
export type ListInstances = NonNullable<ApiInputs['instances']['list']>

/** Which API keys to list: 50 at a time unless `limit` (1 to 1000) says otherwise. */
export type ListApiKeys = NonNullable<ApiInputs['keys']['list']>

/** Which operations to list: 50 at a time unless `limit` (1 to 1000) says otherwise. */
export type ListOperations = NonNullable<ApiInputs['operations']['list']>

/** Which part of a history: the last day, at a resolution that suits its length, unless told. */
export type HealthHistoryRange = Omit<ApiInputs['health']['history'], 'id'>

/** Which part of a list: 50 at a time unless `limit` (1 to 1000) says otherwise. */
export type PageRequest = Omit<ApiInputs['health']['events'], 'id'>

/** Which drift to list: 50 at a time unless `limit` (1 to 1000) says otherwise, what is resolved left out. */
export type ListDrift = NonNullable<ApiInputs['drift']['list']>

/** Why the API refuses a call. Stable: decide by it, not by the message. */
export type ErrorCode = ApiErrorData['code']

/** One field of the input that was refused; `path` is dotted, empty for the whole input. */
export type FieldError = NonNullable<ApiErrorData['errors']>[number]

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
