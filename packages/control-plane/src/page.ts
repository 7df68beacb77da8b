import { ToygresError } from '@toygres/schema'
import { z } from 'zod'

/** A page of rows that were asked for with one more than the limit: the one too many says that there is a next page. */
export function pageOf<Row extends { readonly id: string }>(rows: readonly Row[], limit: number) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const nextCursor =
    rows.length > limit && last !== undefined ? Buffer.from(last.id).toString('base64url') : null
  return { items, nextCursor }
}

/** @throws {ToygresError} INVALID_INPUT for a cursor that no page of ours returned */
export function readCursor(
  cursor: string | undefined,
  rowId: z.ZodType<string> = z.uuid(),
): string | undefined {
  if (cursor === undefined) return undefined
  const id = rowId.safeParse(Buffer.from(cursor, 'base64url').toString())
  if (!id.success)
    throw new ToygresError('INVALID_INPUT', 'the cursor is not one that a list returned', {
      details: { errors: [{ path: 'cursor', message: 'not a cursor' }] },
    })
  return id.data
}
