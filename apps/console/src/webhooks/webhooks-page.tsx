import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Webhook } from '@toygres/sdk'
import { Plus, Webhook as Icon } from 'lucide-react'
import { may } from '../app/session.ts'
import { useSession } from '../app/use-session.ts'
import { Button } from '../ui/button.tsx'
import { listed, Listing } from '../ui/listing.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago } from '../ui/time.tsx'
import { webhooksQuery } from './queries.ts'
import { WebhookBadge } from './webhook-badge.tsx'
import { NewWebhookDialog } from './webhook-dialogs.tsx'

export function WebhooksPage() {
  const queryClient = useQueryClient()
  const mayWrite = may(useSession(), 'webhooks:write')
  const webhooks = listed(useInfiniteQuery(webhooksQuery))
  const { new: making = false } = useSearch({ from: '/shell/webhooks' })
  const navigate = useNavigate({ from: '/webhooks' })
  const setMaking = (isMaking: boolean) =>
    void navigate({ search: { new: isMaking || undefined }, replace: true })
  return (
    <main>
      <PageHead title="Webhooks" about="URLs that are told what happens in this project.">
        {mayWrite && (
          <Button look="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden="true" />
            New webhook
          </Button>
        )}
      </PageHead>
      <section className="card" aria-label="Webhooks">
        <Listing
          what="the webhooks"
          of={webhooks}
          empty={
            <Empty title="No webhooks yet" icon={<Icon aria-hidden="true" />}>
              <p>A webhook tells another program when an instance runs, fails, or changes its health.</p>
            </Empty>
          }
        >
          {(found) => (
            <Table name="Webhooks" columns={['URL', 'State', 'Events', 'Created']}>
              {found.map((webhook) => (
                <Row key={webhook.id} webhook={webhook} />
              ))}
            </Table>
          )}
        </Listing>
      </section>
      {making && (
        <NewWebhookDialog
          onClose={() => setMaking(false)}
          onDone={() => void queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey })}
        />
      )}
    </main>
  )
}

function Row({ webhook }: { webhook: Webhook }) {
  const { id, url, kinds, createdAt } = webhook
  return (
    <tr>
      <th scope="row">
        <Link to="/webhooks/$webhook" params={{ webhook: id }} className="name mono">
          {url}
        </Link>
      </th>
      <td>
        <WebhookBadge webhook={webhook} />
      </td>
      <td className="soft">{kinds.length === 1 ? kinds[0] : `${kinds.length} kinds`}</td>
      <td className="soft">
        <Ago at={createdAt} />
      </td>
    </tr>
  )
}
