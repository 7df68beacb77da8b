import { z } from 'zod'

/** What a worker process is told. */
export const WorkerOrders = z.object({
  databaseUrl: z.string(),
  /** The crash point at which it kills itself, after it has passed there `skip` times. */
  crashAt: z.string().optional(),
  skip: z.int().default(0),
  /** The same, but it pauses itself. */
  stopAt: z.string().optional(),
  /** Steps that it runs at once. */
  concurrency: z.int().optional(),
  /** False: it hears of work by notifications only. */
  polls: z.boolean().default(true),
  /** It first brings the database to what its version needs. */
  migrates: z.boolean().default(false),
  /** Milliseconds by which its clock is wrong. */
  clockAheadMs: z.int().default(0),
})
