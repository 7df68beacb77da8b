import { z } from 'zod'
import { InstanceIdOrName } from './ids.ts'
import { FreeText } from './well-formed.ts'

export const ReadLogs = z
  .object({
    id: InstanceIdOrName,
    /** How many of the last lines to begin with. */
    tailLines: z.int().min(0).max(10_000).default(100),
    /** Goes on with each new line until the caller leaves. */
    follow: z.boolean().default(false),
    /** The `position` of the last line that the caller has: what comes after it is sent, instead of the last lines. */
    lastEventId: FreeText.max(200).optional(),
  })
  .meta({ id: 'ReadLogs' })
export type ReadLogs = z.infer<typeof ReadLogs>

/** A line that an instance's server wrote. What it says is the server's, statements that failed included. */
export const LogLine = z
  .object({
    /** Opaque: where the line stands in the log. */
    position: z.string(),
    text: z.string(),
  })
  .meta({ id: 'LogLine' })
export type LogLine = z.infer<typeof LogLine>
