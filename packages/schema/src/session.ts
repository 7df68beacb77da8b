import { z } from 'zod'
import { ProjectId } from './project.ts'
import { Role } from './permissions.ts'

/** Who is signed in at a browser, with which API key. */
export const Session = z
  .object({
    /** As it appears in `requestedBy`. */
    subject: z.string(),
    /** What people call the API key. */
    name: z.string(),
    role: Role,
    /** The one project that they belong to; null for whoever may act in each. */
    projectId: ProjectId.nullable(),
    expiresAt: z.date(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const OpenSession = z.object({ apiKey: z.string().trim().min(1, 'an API key is needed').max(512) })
