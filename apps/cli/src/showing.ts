import { changesOf } from './listing.ts'
import { print, renderInStream, type Views } from './output/print.ts'
import type { Session } from './session.ts'
import { watchFor } from './watch.ts'

export interface WatchFlags {
  watch?: boolean
}

/** Shows one thing; with `--watch`, again whenever it changes. */
export async function show<Value>(
  { format }: Session,
  fetch: () => Promise<Value>,
  views: (value: Value) => Views,
  { watch = false }: WatchFlags = {},
): Promise<void> {
  if (!watch) {
    const value = await fetch()
    return print(format, value, views(value))
  }
  await watchFor({
    fetch,
    onScreen: format === 'table' ? (value) => views(value).view() : null,
    changes: changesOf({
      rowsOf: (value: Value) => [['it', value] as const],
      renderRow: (value) => renderInStream(format, value, views(value)),
    }),
  })
}
