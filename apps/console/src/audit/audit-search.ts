import { z } from 'zod'

/** What the log shows: in the address, so that it can be gone back to and passed on. */
export const AuditSearch = z.object({
  by: z.string().max(300).optional().catch(undefined),
  /** The id of what it was done to. */
  about: z.string().max(200).optional().catch(undefined),
})
export type AuditSearch = z.infer<typeof AuditSearch>
