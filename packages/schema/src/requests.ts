import { z } from 'zod'
import { Drift } from './drift.ts'
import { Health, HealthCheckIntervalSeconds, HealthEvent, HealthResolution } from './health.ts'
import { InstanceIdOrName, OperationId } from './ids.ts'
import { InstanceName } from './instance-name.ts'
import { Instance, PostgresVersion, defaultPostgresVersion } from './instance.ts'
import { LabelChanges, Labels } from './labels.ts'
import { etag, mutationRequest, plannableRequest } from './mutation.ts'
import { Operation, OperationHistoryEvent, OperationState } from './operation.ts'
import { pageRequest } from './page.ts'

export const CreateInstance = z
  .object({
    name: InstanceName,
    version: PostgresVersion.default(defaultPostgresVersion),
    /** 30 unless told. */
    healthCheckIntervalSeconds: HealthCheckIntervalSeconds.optional(),
    labels: Labels.optional(),
    ...plannableRequest,
  })
  .meta({ id: 'CreateInstance' })
export type CreateInstance = z.infer<typeof CreateInstance>

/** What is not named stays as it is. */
export const UpdateInstance = z
  .object({
    id: InstanceIdOrName,
    etag,
    /** In place of all that it has. */
    labels: Labels.optional(),
    /** Of single labels: without having read the others, so that it is the same request when it is sent again. */
    labelChanges: LabelChanges.optional(),
    healthCheckIntervalSeconds: HealthCheckIntervalSeconds.optional(),
    ...plannableRequest,
  })
  .meta({ id: 'UpdateInstance' })
export type UpdateInstance = z.infer<typeof UpdateInstance>

export const DeleteInstance = z
  .object({ id: InstanceIdOrName, etag, ...plannableRequest })
  .meta({ id: 'DeleteInstance' })
export type DeleteInstance = z.infer<typeof DeleteInstance>

export const StopInstance = z
  .object({ id: InstanceIdOrName, etag, ...plannableRequest })
  .meta({ id: 'StopInstance' })
export type StopInstance = z.infer<typeof StopInstance>

export const StartInstance = z
  .object({ id: InstanceIdOrName, etag, ...plannableRequest })
  .meta({ id: 'StartInstance' })
export type StartInstance = z.infer<typeof StartInstance>

export const RetryOperation = z.object({ id: OperationId, ...mutationRequest }).meta({ id: 'RetryOperation' })
export type RetryOperation = z.infer<typeof RetryOperation>

export const CancelOperation = z
  .object({ id: OperationId, ...mutationRequest })
  .meta({ id: 'CancelOperation' })
export type CancelOperation = z.infer<typeof CancelOperation>

export const GetInstance = z.object({ id: InstanceIdOrName })
export const GetOperation = z
  .object({
    id: OperationId,
    /** Answers when the operation has ended, or after so many seconds with how it stands then: 60 at most, at once unless told. */
    waitSeconds: z.int().min(0).max(60).optional(),
  })
  .meta({ id: 'GetOperation' })
export type GetOperation = z.infer<typeof GetOperation>

/** A mutation was accepted: the resource as it is now, and the operation that carries it out. */
export const Accepted = z.object({ instance: Instance, operation: Operation }).meta({ id: 'Accepted' })
export type Accepted = z.infer<typeof Accepted>

/** A change of settings, or of whether it runs: the instance as it is now, and the operation that carries out what takes time; null when nothing does. */
export const Updated = z
  .object({ instance: Instance, operation: Operation.nullable() })
  .meta({ id: 'Updated' })
export type Updated = z.infer<typeof Updated>

export const ListInstances = z.object({ ...pageRequest, includeDeleted: z.boolean().default(false) })
export type ListInstances = z.infer<typeof ListInstances>

export const ListOperations = z.object({
  ...pageRequest,
  /** Only the operations of this instance. */
  instance: InstanceIdOrName.optional(),
  state: OperationState.optional(),
})
export type ListOperations = z.infer<typeof ListOperations>

export const ListOperationEvents = ListOperations.omit({ state: true })
export type ListOperationEvents = z.infer<typeof ListOperationEvents>

export const ConfigureHealth = z
  .object({
    id: InstanceIdOrName,
    etag,
    checkIntervalSeconds: HealthCheckIntervalSeconds,
    ...mutationRequest,
  })
  .meta({ id: 'ConfigureHealth' })
export type ConfigureHealth = z.infer<typeof ConfigureHealth>

/** PostgreSQL writes moments of other years otherwise; there is a day's room for what is counted from one. */
const Moment = z
  .date()
  .min(new Date('0001-01-02T00:00:00Z'), 'a moment is from the 2nd of January 1 to the 31st of December 9999')
  .max(new Date('9999-12-31T00:00:00Z'), 'a moment is from the 2nd of January 1 to the 31st of December 9999')

export const GetHealthHistory = z
  .object({
    id: InstanceIdOrName,
    /** A day before `to` unless told; six hours where `resolution` is `raw`. */
    from: Moment.optional(),
    /** Now unless told. */
    to: Moment.optional(),
    /** The finest that makes a readable number of points unless told. */
    resolution: HealthResolution.optional(),
  })
  .meta({ id: 'GetHealthHistory' })
export type GetHealthHistory = z.infer<typeof GetHealthHistory>

export const ListHealth = z.object(pageRequest)
export type ListHealth = z.infer<typeof ListHealth>

export const HealthPage = z.object({ items: z.array(Health), nextCursor: z.string().nullable() })
export type HealthPage = z.infer<typeof HealthPage>

export const ListHealthEvents = z.object({ ...pageRequest, id: InstanceIdOrName })
export type ListHealthEvents = z.infer<typeof ListHealthEvents>

export const HealthEventPage = z.object({ items: z.array(HealthEvent), nextCursor: z.string().nullable() })
export type HealthEventPage = z.infer<typeof HealthEventPage>

export const ListDrift = z.object({
  ...pageRequest,
  /** Only that of this instance; by its id also when metadata does not know it. */
  instance: InstanceIdOrName.optional(),
  /** What is no more, too. */
  includeResolved: z.boolean().default(false),
})
export type ListDrift = z.infer<typeof ListDrift>

export const DriftPage = z.object({ items: z.array(Drift), nextCursor: z.string().nullable() })
export type DriftPage = z.infer<typeof DriftPage>

export const InstancePage = z.object({ items: z.array(Instance), nextCursor: z.string().nullable() })
export type InstancePage = z.infer<typeof InstancePage>

export const OperationPage = z.object({ items: z.array(Operation), nextCursor: z.string().nullable() })
export type OperationPage = z.infer<typeof OperationPage>

export const OperationEventPage = z.object({
  items: z.array(OperationHistoryEvent),
  nextCursor: z.string().nullable(),
})
export type OperationEventPage = z.infer<typeof OperationEventPage>
