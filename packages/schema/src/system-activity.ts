import { z } from 'zod'

/** A process that runs steps. */
export const Worker = z
  .object({
    id: z.uuid(),
    host: z.string(),
    pid: z.int(),
    startedAt: z.date(),
    /** Renewed each second: what it owns is taken over once this has passed. */
    leaseUntil: z.date(),
    /** That it carries out now. */
    operations: z.int(),
  })
  .meta({ id: 'Worker' })
export type Worker = z.infer<typeof Worker>

export const QueueActivity = z
  .object({
    name: z.string(),
    /** Jobs that could run now, run now, and wait for their time. */
    ready: z.int(),
    active: z.int(),
    deferred: z.int(),
    /** For how long the first of those that could run has waited; null when none does. */
    lagMs: z.number().nullable(),
  })
  .meta({ id: 'QueueActivity' })
export type QueueActivity = z.infer<typeof QueueActivity>

/** The operations that ended in one minute. */
export const Throughput = z
  .object({ at: z.date(), succeeded: z.int(), failed: z.int(), cancelled: z.int() })
  .meta({ id: 'Throughput' })
export type Throughput = z.infer<typeof Throughput>

/** What the control planes of one metadata database are at. */
export const SystemActivity = z
  .object({
    at: z.date(),
    workers: z.array(Worker),
    queues: z.array(QueueActivity),
    /** Those that have not ended, by their state. */
    operations: z.record(z.string(), z.int()),
    /** Of the last hour, oldest first; a minute in which none ended is left out. */
    throughput: z.array(Throughput),
    /** From the request to the end, of the operations that succeeded in the last hour; null when there were none. */
    durationMs: z.object({ median: z.number(), p95: z.number() }).nullable(),
  })
  .meta({ id: 'SystemActivity' })
export type SystemActivity = z.infer<typeof SystemActivity>
