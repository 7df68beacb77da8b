import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Failed, Loading } from './states.tsx'

/** What has been read of a list, and how to go on. */
export interface Listed<Item> {
  /** Undefined until the first of them are there. */
  readonly items: readonly Item[] | undefined
  readonly error: unknown
  again(): void
  /** Reads those before; undefined where there are none. */
  readonly older: (() => void) | undefined
  readonly isReadingOlder: boolean
}

export function listed<Item>({
  data,
  error,
  refetch,
  hasNextPage,
  fetchNextPage,
  isFetchingNextPage,
}: UseInfiniteQueryResult<InfiniteData<{ readonly items: readonly Item[] }>>): Listed<Item> {
  return {
    items: data?.pages.flatMap(({ items }) => items),
    error,
    isReadingOlder: isFetchingNextPage,
    again: () => void refetch(),
    older: hasNextPage ? () => void fetchNextPage() : undefined,
  }
}

/** A list in whichever state it is: on its way, not to be had, empty, or there. */
export function Listing<Item>({
  what,
  of: { items, error, isReadingOlder, again, older },
  empty,
  children,
}: {
  /** In the middle of a sentence: `the webhooks`. */
  what: string
  of: Listed<Item>
  empty: ReactNode
  children: (items: readonly Item[]) => ReactNode
}) {
  if (items === undefined)
    return error ? (
      <Failed title={`T${what.slice(1)} cannot be read`} error={error} again={again} />
    ) : (
      <Loading what={what} />
    )
  return (
    <>
      {items.length === 0 ? empty : children(items)}
      {older && (
        <div className="table-more">
          <Button disabled={isReadingOlder} onClick={older}>
            {isReadingOlder ? 'Loading…' : 'Show older ones'}
          </Button>
        </div>
      )}
    </>
  )
}
