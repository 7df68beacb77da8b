import type { ISql } from 'postgres'
import { z } from 'zod'

/** The one channel of the engine: what is said on it is a hint that the database has the truth. */
export const channel = 'toygres_operations'

const Announcement = z.object({
  /** A job may be ready for whoever has a free place. */
  work: z.boolean().optional(),
  /** Operations whose running step should stop. */
  cancel: z.array(z.string()).optional(),
  /** Operations with new events. */
  events: z.array(z.string()).optional(),
})
export type Announcement = z.infer<typeof Announcement>

/** PostgreSQL refuses payloads of 8,000 bytes: an id with its JSON takes 39. */
const idsPerPayload = 150

/** Heard by every process when, and only when, the transaction commits. */
export async function announce(tx: ISql, { work, cancel, events = [] }: Announcement): Promise<void> {
  const payloads: Announcement[] = []
  for (let i = 0; i < events.length; i += idsPerPayload)
    payloads.push({ events: events.slice(i, i + idsPerPayload) })
  if (work || cancel) payloads.push({ ...(work && { work }), ...(cancel && { cancel }) })
  if (payloads.length === 0) return
  await tx`select pg_notify(${channel}, payload) from unnest(${payloads.map((p) => JSON.stringify(p))}::text[]) as payload`
}

/** What was announced; null for what no version of ours has said. */
export function parseAnnouncement(payload: string): Announcement | null {
  try {
    return Announcement.safeParse(JSON.parse(payload)).data ?? null
  } catch {
    return null
  }
}
