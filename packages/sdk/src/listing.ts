import type { Page } from './types.ts'

/** A list. Awaited, it is one page; iterated over, every item: page after page is fetched as it is needed. */
export interface Listing<Item> extends Promise<Page<Item>>, AsyncIterable<Item> {}

/** Fetches the first page at once, and those after it when somebody iterates that far. */
export function listing<Item>(fetchPage: (from: { cursor?: string }) => Promise<Page<Item>>): Listing<Item> {
  const first = fetchPage({})
  return Object.assign(first, {
    async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
      let page = await first
      yield* page.items
      while (page.nextCursor !== null) {
        page = await fetchPage({ cursor: page.nextCursor })
        yield* page.items
      }
    },
  })
}
