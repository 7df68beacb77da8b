import { z } from 'zod'

/** A page is asked for by the cursor that the page before returned; opaque, and valid for the same filter only. */
export const pageRequest = {
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(1000).default(50),
}
