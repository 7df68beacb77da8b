import { errorCatalog, type ErrorCode } from '@toygres/schema'
import { z } from 'zod'

const codes = Object.keys(errorCatalog) as ErrorCode[]

/** What `problem.ts` answers with. */
export const Problem = z
  .object({
    type: z.string().describe('Where the reference explains the code.'),
    title: z.string().describe('The code in words.'),
    status: z.int(),
    detail: z.string().describe('One sentence that says what to do.'),
    code: z.enum(codes).describe('Stable: decide by it.'),
    retryable: z.boolean().describe('Whether the same request may succeed later.'),
    requestId: z.string().describe('Names the request in the log of the control plane.'),
    retryAfterSeconds: z.number().optional().describe('When the same request may succeed, at the earliest.'),
    activeOperationId: z.string().optional().describe('The operation that is in the way.'),
    quota: z
      .object({ of: z.enum(['instances', 'operations']), limit: z.int(), used: z.int() })
      .optional()
      .describe('The quota of the project that is used up.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What was refused in the request; `path` is the name of a parameter, or of a field, dotted.'),
  })
  .meta({ id: 'Problem', description: 'Why a request was refused (RFC 9457).' })

/** The codes that come with an HTTP status. */
export function codesWith(status: number): readonly ErrorCode[] {
  return codes.filter((code) => errorCatalog[code].httpStatus === status)
}
