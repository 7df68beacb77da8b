import { ToygresError, type Instance } from '@toygres/schema'
import type { ISql } from 'postgres'

/** Of this instance, not of one that has its name later. */
export const etagColumn = (sql: ISql) => sql`right(i.id::text, 12) || '-' || i.generation`

/** @throws {ToygresError} ETAG_MISMATCH */
export function checkEtag({ name, etag }: Instance, expected: string | undefined): void {
  if (expected === undefined || expected === etag) return
  throw new ToygresError(
    'ETAG_MISMATCH',
    `instance ${name} has changed since it was read: read it again, and decide anew`,
  )
}

/** A caller has changed the instance: whoever decided by what it was before is to hear of it. */
export async function countChange(tx: ISql, id: string): Promise<void> {
  await tx`update instances set generation = generation + 1, updated_at = now() where id = ${id}`
}
