import { z } from 'zod'
import { OperationId } from './ids.ts'
import { pageRequest } from './page.ts'
import { ProjectId } from './project.ts'
import { FreeText } from './well-formed.ts'

/** Who did what, or tried to. */
export const AuditEntry = z
  .object({
    id: z.uuid(),
    at: z.date(),
    /** As in `requestedBy`. */
    subject: z.string(),
    /** What their API key is called; null where they had none, or where it is not of this project. */
    subjectName: z.string().nullable(),
    /** As the API calls it: `instances.create`. */
    action: z.string(),
    /** Null for what is about the system. */
    projectId: ProjectId.nullable(),
    /** The id of what it was done to; of one that was refused, what was asked for. */
    resourceId: z.string().nullable(),
    operationId: OperationId.nullable(),
    /** Of the call: it leads to its line in the control plane's log. */
    requestId: z.string().nullable(),
    outcome: z.enum(['done', 'refused']),
    /** Why it was refused. */
    code: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const ListAudit = z.object({
  ...pageRequest,
  /** Only what was done to this. */
  resourceId: FreeText.max(200).optional(),
  /** Only what was done by them. */
  subject: FreeText.max(300).optional(),
})
export type ListAudit = z.infer<typeof ListAudit>

export const AuditPage = z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() })
export type AuditPage = z.infer<typeof AuditPage>
