import { z } from 'zod'
import { HealthReason, HealthStatus } from './health.ts'
import { InstanceId, OperationId } from './ids.ts'
import { InstanceName } from './instance-name.ts'
import { Labels } from './labels.ts'
import { ProjectId } from './project.ts'

/** The major versions of PostgreSQL that can be asked for. */
export const PostgresVersion = z
  .enum(['16', '17', '18'], { error: 'a version is one of 16, 17 and 18' })
  .meta({ id: 'PostgresVersion' })
export type PostgresVersion = z.infer<typeof PostgresVersion>
export const defaultPostgresVersion: PostgresVersion = '18'

export const InstanceState = z
  .enum(['creating', 'running', 'stopping', 'stopped', 'starting', 'deleting', 'deleted', 'failed'])
  .meta({ id: 'InstanceState' })
export type InstanceState = z.infer<typeof InstanceState>

/** Those that there are. What callers are told is any word. */
export const ProviderName = z.enum(['local', 'kubernetes'])
export type ProviderName = z.infer<typeof ProviderName>

/** One hosted PostgreSQL server. */
export const Instance = z
  .object({
    id: InstanceId,
    projectId: ProjectId,
    /** Unique within its project. */
    name: InstanceName,
    /** Changes with every change that a caller made: of its settings, or that it is to be stopped, started or deleted. Not with its state or health. */
    etag: z.string(),
    labels: Labels,
    state: InstanceState,
    /** Why the instance is in a state that nobody asked for; null otherwise. */
    stateReason: z.string().nullable(),
    healthStatus: HealthStatus,
    /** Why its last health check failed, or `stopped`; null when it succeeded, or when there was none. */
    healthReason: HealthReason.nullable(),
    healthCheckedAt: z.date().nullable(),
    /** From 5 to 3600. */
    healthCheckIntervalSeconds: z.int(),
    version: PostgresVersion,
    /** What makes its server. An open word: one more is no change of the contract. */
    provider: z.string(),
    /** Where it listens; null until it has been seen to answer. */
    host: z.string().nullable(),
    port: z.int().min(1).max(65_535).nullable(),
    /** The operation that is changing it now, if any. */
    activeOperationId: OperationId.nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
    deletedAt: z.date().nullable(),
  })
  .meta({ id: 'Instance' })
export type Instance = z.infer<typeof Instance>

/** How to log in to an instance. Holds the password: only the procedure that reveals it returns one. */
export const Connection = z
  .object({
    connectionString: z.string(),
    host: z.string(),
    port: z.int(),
    database: z.string(),
    user: z.string(),
    password: z.string(),
  })
  .meta({ id: 'Connection' })
export type Connection = z.infer<typeof Connection>
