import { z } from 'zod'
import { FreeText } from './well-formed.ts'

/** A page is asked for by the cursor that the page before returned; opaque, and valid for the same filter only. */
export const pageRequest = {
  cursor: FreeText.max(200).optional(),
  limit: z.int().min(1).max(1000).default(50),
}
