import { z } from 'zod'

/**
 * Makes a mutation safe to send again: the same key with the same input returns the answer that was given first, with another
 * input it is refused (`IDEMPOTENCY_KEY_REUSED`), and so it is while the first call is under way (`IDEMPOTENCY_KEY_IN_PROGRESS`).
 * Kept for 24 hours. Keys of different callers do not meet.
 */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'an idempotency key is one word of 1 to 128 characters')

/** What every mutation takes. */
export const mutationRequest = { idempotencyKey: IdempotencyKey.optional() }

/** What a mutation takes that can be asked what it would do. */
export const plannableRequest = {
  ...mutationRequest,
  /** Checks everything and answers with the plan, and writes nothing. */
  validateOnly: z.boolean().optional(),
}

/** The change is made only while the resource is still as it was when it had this `etag`, or one of these, with commas between. */
export const etag = z
  .string()
  // What HTTP would take away from the ends of a header, or take for its quotes, is no part of one.
  .regex(/^[\x21\x23-\x7e]{1,100}$/, 'an etag is one word of 1 to 100 characters, as it was told')
  .optional()
