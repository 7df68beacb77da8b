import type { Page } from '@toygres/sdk'
import type { Kind } from './output/kind.ts'
import { columnsOf, type ListFlags } from './output/list-flags.ts'
import { print, renderInStream, say } from './output/print.ts'
import { table } from './output/table.ts'
import { collect, sayIfMore, type PageFlags } from './paging.ts'
import type { Session } from './session.ts'
import { watchFor, type Follow } from './watch.ts'

export interface Listing<Row> {
  readonly kind: Kind<Row>
  /** Tells a thing from the others, and stays while the thing changes. */
  readonly idOf: (row: Row) => string
  readonly fetchPage: (request: { cursor?: string; limit: number }) => Promise<Page<Row>>
  /** What tells of changes, where something does. */
  readonly follow?: Follow
  /** Said to people where there is nothing to show. */
  readonly whenNone: string
}

/** Shows a list; with `--watch`, again whenever it changes. */
export async function showList<Row>(
  { format }: Session,
  { kind, idOf, fetchPage, follow, whenNone }: Listing<Row>,
  flags: ListFlags<Row> & PageFlags,
): Promise<void> {
  const columns = columnsOf(kind, flags)
  const fetch = () => collect(fetchPage, flags)
  const tableOf = (rows: readonly Row[], headers: boolean) => table(columns, rows, { headers })

  if (flags.watch) {
    const rowsOf = (page: Page<Row>) => page.items.map((row): [string, Row] => [idOf(row), row])
    return watchFor({
      fetch,
      follow,
      onScreen:
        format === 'table' ? ({ items }) => (items.length === 0 ? whenNone : tableOf(items, true)) : null,
      changes: changesOf(rowsOf, (row, first) =>
        renderInStream(format, row, {
          view: () => tableOf([row], first && flags.headers),
          name: () => kind.nameOf(row),
        }),
      ),
    })
  }

  const page = await fetch()
  if (format === 'table' && page.items.length === 0) return say(whenNone)
  await print(format, page, {
    view: () => tableOf(page.items, flags.headers),
    name: () => page.items.map(kind.nameOf).join('\n'),
  })
  sayIfMore(page)
}

/** Renders what is new or different since the last look, a thing at a time. */
export function changesOf<Value, Row>(
  rowsOf: (value: Value) => readonly (readonly [id: string, row: Row])[],
  renderRow: (row: Row, first: boolean) => Promise<string>,
): (value: Value) => Promise<string[]> {
  const seen = new Map<string, string>()
  return async (value) => {
    const texts = []
    for (const [id, row] of rowsOf(value)) {
      const state = JSON.stringify(row)
      if (seen.get(id) === state) continue
      texts.push(await renderRow(row, seen.size === 0))
      seen.set(id, state)
    }
    return texts
  }
}
