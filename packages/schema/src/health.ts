import { z } from 'zod'
import { InstanceId } from './ids.ts'

export const HealthStatus = z.enum(['healthy', 'unhealthy', 'unknown']).meta({ id: 'HealthStatus' })
export type HealthStatus = z.infer<typeof HealthStatus>

/** Why a check failed. Stable: alerts switch on it. */
export const HealthReason = z
  .enum([
    /** Nothing listens at its address. */
    'refused',
    /** It did not answer in time. */
    'timeout',
    /** Its address cannot be reached, or not be resolved. */
    'unreachable',
    /** The connection was cut in the middle. */
    'connection-lost',
    /** The TLS handshake failed. */
    'tls',
    /** The login of the monitor was refused. */
    'auth',
    /** Every connection that users may have is taken. */
    'too-many-connections',
    /** It starts, or recovers from a crash. */
    'starting-up',
    'shutting-down',
    /** The disk under its data is full. */
    'disk-full',
    /** It answers with an error that has no code of its own here. */
    'error',
    /** The provider says that its server does not run. */
    'server-down',
    /** The provider says that its data is not there. */
    'data-missing',
    /** It was stopped, and is not checked: no failure, and no part of its uptime. */
    'stopped',
  ])
  .meta({ id: 'HealthReason' })
export type HealthReason = z.infer<typeof HealthReason>

export const defaultHealthCheckIntervalSeconds = 30

/** From 5 seconds to an hour. */
export const HealthCheckIntervalSeconds = z
  .int()
  .min(5, 'a health check runs every 5 seconds at most')
  .max(3600, 'a health check runs every hour at least')

/** What the last health check of an instance saw. What it could not see is null. */
export const Health = z
  .object({
    instanceId: InstanceId,
    status: HealthStatus,
    /** Why the last check failed, or `stopped`; null when it succeeded, or when there was none. */
    reason: HealthReason.nullable(),
    /** The reason in a sentence. */
    detail: z.string().nullable(),
    checkIntervalSeconds: z.int(),
    checkedAt: z.date().nullable(),
    /** When the next check is due; null for an instance that is not checked. */
    nextCheckAt: z.date().nullable(),
    /** Milliseconds for the login, where there was one, and the question. */
    latencyMs: z.number().nullable(),
    tls: z.boolean().nullable(),
    inRecovery: z.boolean().nullable(),
    readOnly: z.boolean().nullable(),
    connections: z.object({ used: z.int(), max: z.int() }).nullable(),
    oldestTransactionSeconds: z.number().nullable(),
    /** All databases of the instance together. */
    databaseBytes: z.int().nullable(),
    /** Where the provider knows. */
    disk: z.object({ freeBytes: z.int(), totalBytes: z.int() }).nullable(),
    /** The share of the last 24 hours' time, as far as it was checked, in which its checks succeeded, 0 to 100; null where none was. */
    uptimePercent: z.number().nullable(),
  })
  .meta({ id: 'Health' })
export type Health = z.infer<typeof Health>

export const HealthEvent = z
  .object({
    id: z.uuid(),
    instanceId: InstanceId,
    at: z.date(),
    /** The health from then on. */
    status: HealthStatus,
    reason: HealthReason.nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'HealthEvent' })
export type HealthEvent = z.infer<typeof HealthEvent>

export const HealthResolution = z.enum(['raw', 'minute', 'hour']).meta({ id: 'HealthResolution' })
export type HealthResolution = z.infer<typeof HealthResolution>

/** One check, or those of one minute or hour together. */
export const HealthPoint = z
  .object({
    /** The moment of the check, or the beginning of the minute or hour. */
    at: z.date(),
    checks: z.int(),
    failures: z.int(),
    /** The most frequent reason of the failures. */
    reason: HealthReason.nullable(),
    /** Of the checks that succeeded. */
    latencyMs: z.object({ average: z.number(), max: z.number() }).nullable(),
    /** The most that were in use. */
    connections: z.int().nullable(),
    databaseBytes: z.int().nullable(),
  })
  .meta({ id: 'HealthPoint' })
export type HealthPoint = z.infer<typeof HealthPoint>

/** The health of an instance over a range of time, oldest point first. A time without checks has no points. */
export const HealthHistory = z
  .object({
    instanceId: InstanceId,
    from: z.date(),
    to: z.date(),
    resolution: HealthResolution,
    checks: z.int(),
    /** The share of the range's time, as far as it was checked, in which its checks succeeded, 0 to 100; null where none was. */
    uptimePercent: z.number().nullable(),
    points: z.array(HealthPoint),
  })
  .meta({ id: 'HealthHistory' })
export type HealthHistory = z.infer<typeof HealthHistory>
