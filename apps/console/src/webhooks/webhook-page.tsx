import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Webhook } from '@toygres/sdk'
import { ChevronRight } from 'lucide-react'
import { may } from '../app/session.ts'
import { useSession } from '../app/use-session.ts'
import { CopyId } from '../ui/copy-id.tsx'
import { sentence } from '../ui/explain.ts'
import { Facts } from '../ui/facts.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Deliveries } from './deliveries.tsx'
import { webhookQuery } from './queries.ts'
import { WebhookActions } from './webhook-actions.tsx'
import { WebhookBadge } from './webhook-badge.tsx'
import './webhook-page.css'

export function WebhookPage() {
  useTitle('Webhook')
  const { webhook: id } = useParams({ from: '/shell/webhooks/$webhook' })
  const { data: webhook, error, refetch } = useQuery(webhookQuery(id))
  return (
    <main className="webhook">
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/webhooks">Webhooks</Link>
        <ChevronRight size={14} aria-hidden="true" />
        <span aria-current="page">{webhook ? new URL(webhook.url).host : 'Webhook'}</span>
      </nav>
      {webhook ? (
        <About webhook={webhook} />
      ) : error ? (
        <Failed
          heading="h1"
          title="This webhook cannot be shown"
          error={error}
          again={() => void refetch()}
        />
      ) : (
        <Loading what="the webhook" />
      )}
    </main>
  )
}

function About({ webhook }: { webhook: Webhook }) {
  const mayWrite = may(useSession(), 'webhooks:write')
  const { id, url, kinds, failingSince, disabledReason, createdAt, updatedAt } = webhook
  return (
    <div className="stack">
      <div className="page-head">
        <div className="title">
          <h1 className="mono">{url}</h1>
          <WebhookBadge webhook={webhook} />
        </div>
        {mayWrite && <WebhookActions webhook={webhook} />}
      </div>
      {disabledReason && <p className="why">It is told nothing: {sentence(disabledReason)}</p>}
      {failingSince && !disabledReason && (
        <p className="why">
          Nothing gets through since <Ago at={failingSince} />: see its deliveries.
        </p>
      )}
      <section className="card" aria-label="In short">
        <div className="card-body">
          <Facts
            facts={[
              [
                'Is told',
                <ul key="kinds" className="kinds-told mono">
                  {kinds.map((kind) => (
                    <li key={kind}>{kind}</li>
                  ))}
                </ul>,
              ],
              ['Created', <Ago key="created" at={createdAt} />],
              ['Changed', <Ago key="changed" at={updatedAt} />],
              ['Id', <CopyId key="id" id={id} />],
            ]}
          />
        </div>
      </section>
      <Deliveries webhook={webhook} mayWrite={mayWrite} />
    </div>
  )
}
