import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { WebhookDelivery } from '@toygres/sdk'
import { toygres } from '../app/toygres.ts'

export const webhooksQuery = infiniteQueryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal, pageParam }) =>
    toygres.webhooks.list({ limit: 50, ...(pageParam && { cursor: pageParam }) }, { signal }),
  initialPageParam: '',
  getNextPageParam: ({ nextCursor }) => nextCursor,
})

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhook', id],
    queryFn: ({ signal }) => toygres.webhooks.get(id, { signal }),
  })

export type DeliveryState = WebhookDelivery['state']

/** There is no stream of deliveries: while one is on its way, the list is read again. */
const pendingMs = 2_000

export const deliveriesQuery = (id: string, state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', id, state ?? null],
    queryFn: ({ signal, pageParam }) =>
      toygres.webhooks.deliveries(
        id,
        { limit: 25, ...(state && { state }), ...(pageParam && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ items }) => items.some((one) => one.state === 'pending')) ? pendingMs : false,
  })
