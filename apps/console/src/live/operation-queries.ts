import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { ListOperations } from '@toygres/sdk'
import { toygres } from '../app/toygres.ts'

export type OperationFilter = Pick<ListOperations, 'instance' | 'state'>

/** Newest first, a page at a time. Read again whenever an instance changes, since an operation did that. */
export const operationsQuery = (filter: OperationFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ['operations', filter],
    queryFn: ({ signal, pageParam }) =>
      toygres.operations.list({ ...filter, limit: 25, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

export const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ['operation', id],
    // Kept up by the operation's own events.
    staleTime: Infinity,
    queryFn: ({ signal }) => toygres.operations.get(id, { signal }).then((handle) => handle.toJSON()),
  })

export const graphQuery = (id: string) =>
  queryOptions({
    queryKey: ['operation-graph', id],
    staleTime: Infinity,
    queryFn: ({ signal }) => toygres.operations.graph(id, { signal }),
  })
