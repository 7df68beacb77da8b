import { z } from 'zod'

/** Whether the control plane can do its work; needs no key, so it tells nothing else. */
export const SystemHealth = z
  .object({ status: z.enum(['ok', 'unavailable']), version: z.string() })
  .meta({ id: 'SystemHealth' })
export type SystemHealth = z.infer<typeof SystemHealth>

/** The control plane as its operators see it. */
export const SystemStatus = z
  .object({
    pid: z.int(),
    startedAt: z.date(),
    provider: z.string(),
    /** Why the place where instances live cannot be worked with now; null when it can. */
    providerError: z.object({ code: z.string(), message: z.string() }).nullable(),
    versions: z.object({
      toygres: z.string(),
      node: z.string(),
      database: z.string(),
      queueSchema: z.int(),
      migration: z.string(),
    }),
    database: z.object({
      /** Without password: `postgres://user@host:port/name`. */
      url: z.string(),
      embedded: z.boolean(),
      sizeBytes: z.int(),
    }),
    queue: z.object({
      /** Jobs that could run now, run now, and wait for their time. */
      ready: z.int(),
      active: z.int(),
      deferred: z.int(),
    }),
    instances: z.record(z.string(), z.int()),
  })
  .meta({ id: 'SystemStatus' })
export type SystemStatus = z.infer<typeof SystemStatus>
