import { z } from 'zod'

/** What a process that tells the story is told. */
export const StoryOrders = z.object({
  databaseUrl: z.string(),
  crashAt: z.string(),
  /** How often it passes there before. */
  skip: z.int(),
  atOnce: z.boolean(),
})
