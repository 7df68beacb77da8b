import { ToygresError } from '@toygres/schema'
import type { ISql } from 'postgres'

/** Of this resource, not of one that has its name later. */
export const etagColumn = (sql: ISql) => sql`right(id::text, 12) || '-' || generation`

/**
 * @param expected one etag, or several with commas between, as HTTP lets a caller say
 * @throws {ToygresError} ETAG_MISMATCH
 */
export function checkEtag(
  called: string,
  { etag }: { readonly etag: string },
  expected: string | undefined,
): void {
  if (expected === undefined || expected.split(',').includes(etag)) return
  throw new ToygresError(
    'ETAG_MISMATCH',
    `${called} has changed since it was read: read it again, and decide anew`,
  )
}
