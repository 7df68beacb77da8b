import type { Webhook, WebhookDelivery } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import type { Kind } from './kind.ts'
import { styleOfDelivery, styleOfWebhook, stateOfWebhook } from './states.ts'

export const webhookKind: Kind<Webhook> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'URL', cell: ({ url }) => url },
    { title: 'STATE', cell: stateOfWebhook, style: styleOfWebhook },
    { title: 'ON', cell: ({ kinds }) => kinds.join(',') },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'REASON', cell: ({ disabledReason }) => disabledReason, extra: true },
    {
      title: 'FAILING-SINCE',
      cell: ({ failingSince }) => failingSince && failingSince.toISOString(),
      extra: true,
    },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}

export const deliveryKind: Kind<WebhookDelivery> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'EVENT', cell: ({ kind }) => kind },
    { title: 'STATE', cell: ({ state }) => state, style: styleOfDelivery },
    { title: 'ATTEMPTS', cell: ({ attempts }) => String(attempts) },
    { title: 'ANSWER', cell: ({ status, error }) => (status === null ? error : `HTTP ${status}`) },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'INSTANCE', cell: ({ resourceId }) => resourceId, extra: true },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}
