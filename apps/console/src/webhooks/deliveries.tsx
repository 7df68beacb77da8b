import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { WebhookDelivery as Delivery } from '@toygres/schema'
import type { Webhook, WebhookDelivery } from '@toygres/sdk'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { InstanceLink } from '../operations/operation-table.tsx'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choices.tsx'
import { listed, Listing } from '../ui/listing.tsx'
import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago } from '../ui/time.tsx'
import { say, sayFailed } from '../ui/toast.tsx'
import { deliveriesQuery, type DeliveryState } from './queries.ts'
import { DeliveryBadge } from './webhook-badge.tsx'

const states = [
  { value: 'any', label: 'All' },
  ...Delivery.shape.state.options.map((value) => ({ value, label: value })),
] as const

/** What it was sent, and how that went. */
export function Deliveries({ webhook: { id }, mayWrite }: { webhook: Webhook; mayWrite: boolean }) {
  const [state, setState] = useState<DeliveryState | 'any'>('any')
  const deliveries = listed(useInfiniteQuery(deliveriesQuery(id, state === 'any' ? undefined : state)))
  return (
    <section className="card" aria-labelledby="deliveries">
      <div className="card-head">
        <h2 id="deliveries">Deliveries</h2>
        <Choices label="State" of={states} chosen={state} onChoose={setState} />
      </div>
      <Listing
        what="the deliveries"
        of={deliveries}
        empty={
          <Empty title="Nothing was sent" icon={<Send aria-hidden="true" />}>
            <p>What it is sent is kept here for 7 days.</p>
          </Empty>
        }
      >
        {(found) => (
          <Table
            name="Deliveries"
            columns={['Event', 'Instance', 'State', 'Attempts', 'Answer', 'When', mayWrite && 'Again']}
          >
            {found.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} mayWrite={mayWrite} />
            ))}
          </Table>
        )}
      </Listing>
    </section>
  )
}

function Row({ delivery, mayWrite }: { delivery: WebhookDelivery; mayWrite: boolean }) {
  const { id, webhookId, kind, resourceId, attempts, status, error, createdAt } = delivery
  const queryClient = useQueryClient()
  const redeliver = useMutation({
    mutationFn: () => toygres.webhooks.redeliver(webhookId, id),
    onSuccess: () => {
      say(`${kind} is sent again`)
      return queryClient.invalidateQueries({ queryKey: ['deliveries', webhookId] })
    },
    onError: (refused) => sayFailed(`${kind} is not sent again`, refused),
  })
  return (
    <tr>
      <th scope="row" className="mono">
        {kind}
      </th>
      <td>
        <InstanceLink id={resourceId} />
      </td>
      <td>
        <DeliveryBadge delivery={delivery} />
      </td>
      <td className="number">{attempts}</td>
      <td className="soft answer" title={error ?? undefined}>
        {status ?? error ?? '–'}
      </td>
      <td className="soft">
        <Ago at={createdAt} />
      </td>
      {mayWrite && (
        <td>
          <Button
            small
            disabled={redeliver.isPending}
            aria-label={`Send again: ${kind}`}
            onClick={() => redeliver.mutate()}
          >
            Send again
          </Button>
        </td>
      )}
    </tr>
  )
}
