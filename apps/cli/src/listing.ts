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
  /** What became of one that is in the list no more, where that can be known. */
  readonly fetchGone?: (row: Row) => Promise<Row>
  /** What tells of changes, where something does. */
  readonly follow?: Follow
  /** Said to people where there is nothing to show. */
  readonly whenNone: string
}

/** Shows a list; with `--watch`, again whenever it changes. */
export async function showList<Row>(
  { format }: Session,
  { kind, idOf, fetchPage, fetchGone, follow, whenNone }: Listing<Row>,
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
      changes: changesOf({
        rowsOf,
        fetchGone,
        renderRow: (row, first) =>
          renderInStream(format, row, {
            view: () => tableOf([row], first && flags.headers),
            name: () => kind.nameOf(row),
          }),
        sayGone: (row) => say(`${kind.nameOf(row)} is in the list no more`),
      }),
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

export interface Changes<Value, Row> {
  readonly rowsOf: (value: Value) => readonly (readonly [id: string, row: Row])[]
  readonly renderRow: (row: Row, first: boolean) => Promise<string>
  /** What became of one that is not there any more. */
  readonly fetchGone?: ((row: Row) => Promise<Row>) | undefined
  /** Is told of one of which that cannot be known, or where nothing of it is shown. */
  readonly sayGone?: (row: Row) => void
}

/** Renders what is new, different or gone since the last look, a thing at a time. */
export function changesOf<Value, Row>({
  rowsOf,
  renderRow,
  fetchGone,
  sayGone,
}: Changes<Value, Row>): (value: Value) => Promise<string[]> {
  const seen = new Map<string, { row: Row; data: string; text: string }>()
  let first = true
  return async (value) => {
    const rows = new Map(rowsOf(value))
    const gone = [...seen].filter(([id]) => !rows.has(id))
    // Before anything is taken for told: the control plane may be away by now.
    const became = new Map<string, Row>()
    if (fetchGone !== undefined) for (const [id, { row }] of gone) became.set(id, await fetchGone(row))

    const texts: string[] = []
    /** Not where it is as it was, nor where it would be told in the same words: what changed may not be shown. Whether that is so. */
    const tellUnlessSame = async (id: string, row: Row): Promise<boolean> => {
      const before = seen.get(id)
      const data = JSON.stringify(row)
      if (before?.data === data) return false
      const text = await renderRow(row, false)
      seen.set(id, { row, data, text })
      if (before?.text === text) return true
      texts.push(first ? await renderRow(row, true) : text)
      first = false
      return false
    }
    for (const [id, row] of rows) await tellUnlessSame(id, row)
    for (const [id, { row }] of gone) {
      const now = became.get(id)
      // Others may only have taken its place in a list that is not whole.
      if (now === undefined || (await tellUnlessSame(id, now))) sayGone?.(row)
      seen.delete(id)
    }
    return texts
  }
}
