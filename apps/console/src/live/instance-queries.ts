import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { toygres } from '../app/toygres.ts'

/** A check is recorded a moment after it is due. */
const afterCheckMs = 750

/** What the last check saw; read again when the next one has been made. */
export const healthQuery = (id: string) =>
  queryOptions({
    queryKey: ['health', id],
    queryFn: ({ signal }) => toygres.health.get(id, { signal }),
    refetchInterval: ({ state: { data } }) => {
      const due = data?.nextCheckAt
      return due ? Math.max(2_000, due.getTime() - Date.now() + afterCheckMs) : false
    },
  })

export const ranges = { '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000 } as const
export type Range = keyof typeof ranges

/** As often as a chart of this range has something new to show. */
const refreshMs: Record<Range, number> = { '1h': 15_000, '24h': 60_000, '7d': 600_000 }

export const historyQuery = (id: string, range: Range) =>
  queryOptions({
    queryKey: ['health', id, 'history', range],
    queryFn: ({ signal }) => {
      const to = new Date()
      return toygres.health.history(id, { from: new Date(to.getTime() - ranges[range]), to }, { signal })
    },
    refetchInterval: refreshMs[range],
    placeholderData: (before) => before,
  })

export const healthEventsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['health-events', id],
    queryFn: ({ signal, pageParam }) =>
      toygres.health.events(id, { limit: 25, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
