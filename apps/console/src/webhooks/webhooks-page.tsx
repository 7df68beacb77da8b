import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, Webhook as Icon } from 'lucide-react'
import { useState } from 'react'
import { may } from '../app/session.ts'
import { useSession } from '../app/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import '../ui/table.css'
import { Ago } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { webhooksQuery } from './queries.ts'
import { WebhookBadge } from './webhook-badge.tsx'
import { NewWebhookDialog } from './webhook-dialogs.tsx'

export function WebhooksPage() {
  useTitle('Webhooks')
  const queryClient = useQueryClient()
  const mayWrite = may(useSession(), 'webhooks:write')
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(webhooksQuery)
  const [making, setMaking] = useState(false)
  const webhooks = data?.pages.flatMap(({ items }) => items)
  return (
    <main>
      <div className="page-head">
        <div>
          <h1>Webhooks</h1>
          <p>URLs that are told what happens in this project.</p>
        </div>
        {mayWrite && (
          <div className="actions">
            <Button look="primary" onClick={() => setMaking(true)}>
              <Plus aria-hidden="true" />
              New webhook
            </Button>
          </div>
        )}
      </div>
      <section className="card" aria-label="Webhooks">
        {error && !webhooks ? (
          <Failed title="The webhooks cannot be listed" error={error} again={() => void refetch()} />
        ) : !webhooks ? (
          <Loading what="the webhooks" />
        ) : webhooks.length === 0 ? (
          <Empty title="No webhooks yet" icon={<Icon aria-hidden="true" />}>
            <p>A webhook tells another program when an instance runs, fails, or changes its health.</p>
          </Empty>
        ) : (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>URL</th>
                  <th>State</th>
                  <th>Events</th>
                  <th>Created</th>
                </tr>
              </thead>
              <tbody>
                {webhooks.map((webhook) => (
                  <tr key={webhook.id}>
                    <th scope="row">
                      <Link to="/webhooks/$webhook" params={{ webhook: webhook.id }} className="name mono">
                        {webhook.url}
                      </Link>
                    </th>
                    <td>
                      <WebhookBadge webhook={webhook} />
                    </td>
                    <td className="soft">
                      {webhook.kinds.length === 1 ? webhook.kinds[0] : `${webhook.kinds.length} kinds`}
                    </td>
                    <td className="soft">
                      <Ago at={webhook.createdAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {hasNextPage && (
          <div className="table-more">
            <Button onClick={() => void fetchNextPage()}>Show older ones</Button>
          </div>
        )}
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
