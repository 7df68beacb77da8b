import type { Webhook, WebhookDelivery } from '@toygres/sdk'
import { Badge } from '../ui/badge.tsx'

export function WebhookBadge({ webhook: { disabledAt, failingSince } }: { webhook: Webhook }) {
  if (disabledAt !== null) return <Badge tone="idle">disabled</Badge>
  return failingSince === null ? <Badge tone="good">enabled</Badge> : <Badge tone="bad">failing</Badge>
}

const tones = { pending: 'busy', delivered: 'good', failed: 'bad' } as const

export function DeliveryBadge({ delivery: { state } }: { delivery: WebhookDelivery }) {
  return (
    <Badge tone={tones[state]} live={state === 'pending'}>
      {state}
    </Badge>
  )
}
