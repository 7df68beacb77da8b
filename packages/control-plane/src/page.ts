import { ToygresError } from '@toygres/schema'
import { z } from 'zod'

/** Lists that come in pages, as the API calls them. */
type List =
  | 'audit.list'
  | 'drift.list'
  | 'health.events'
  | 'health.list'
  | 'instances.list'
  | 'keys.list'
  | 'operations.events'
  | 'operations.list'
  | 'projects.list'
  | 'webhooks.deliveries'
  | 'webhooks.list'

/** A page of rows that were asked for with one more than the limit: the one too many says that there is a next page. */
export const pageOf = <Row extends { readonly id: string }>(
  list: List,
  rows: readonly Row[],
  limit: number,
) => pageBy(list, rows, limit, ({ id }) => id)

/** The same of rows that are called otherwise. */
export function pageBy<Row>(list: List, rows: readonly Row[], limit: number, idOf: (row: Row) => string) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const nextCursor =
    rows.length > limit && last !== undefined
      ? Buffer.from(`${list} ${idOf(last)}`).toString('base64url')
      : null
  return { items, nextCursor }
}

/**
 * The row that a page ended with. Cursors once named no list: a client that was in the middle of one when Toygres was upgraded
 * goes on in it.
 * @throws {ToygresError} INVALID_INPUT for a cursor that no page of this list had: another's ids are no place in it
 */
export function readCursor(
  list: List,
  cursor: string | undefined,
  rowId: z.ZodType<string> = z.uuid(),
): string | undefined {
  if (cursor === undefined) return undefined
  const words = Buffer.from(cursor, 'base64url').toString().split(' ')
  const [of, named] = words.length === 1 ? [list, words[0]] : words
  const id = rowId.safeParse(named)
  if (of !== list || !id.success)
    throw new ToygresError('INVALID_INPUT', 'the cursor is not one that a page of this list had', {
      details: { errors: [{ path: 'cursor', message: 'not a cursor of this list' }] },
    })
  return id.data
}
