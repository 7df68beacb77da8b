import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import type { Instance } from '@toygres/sdk'
import { ChevronRight, Workflow } from 'lucide-react'
import { usePageActions } from '../app/page-actions.ts'
import { instanceQuery } from '../live/queries.ts'
import { sentence } from '../ui/explain.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useTitle } from '../ui/use-title.ts'
import { HealthBadge, StateBadge } from './instance-badges.tsx'
import { StopOrStart } from './stop-or-start.tsx'
import { InstanceContext } from './use-instance.ts'
import './instance-layout.css'

const tabs = [
  { label: 'Overview', to: '/instances/$instance', exact: true },
  { label: 'Health', to: '/instances/$instance/health' },
  { label: 'Operations', to: '/instances/$instance/operations' },
  { label: 'Events', to: '/instances/$instance/events' },
  { label: 'Logs', to: '/instances/$instance/logs' },
  { label: 'Settings', to: '/instances/$instance/settings' },
] as const

/** What all pages about one instance have in common. */
export function InstanceLayout() {
  const { instance: idOrName } = useParams({ from: '/shell/instances/$instance' })
  const { data: instance, error, refetch } = useQuery(instanceQuery(idOrName))
  useTitle(instance?.name ?? idOrName)
  if (error && !instance)
    return (
      <main>
        <Failed
          heading="h1"
          title="This instance cannot be shown"
          error={error}
          again={() => void refetch()}
        />
      </main>
    )
  return (
    <main>
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/">Instances</Link>
        <ChevronRight size={14} aria-hidden="true" />
        <span aria-current="page">{instance?.name ?? idOrName}</span>
      </nav>
      {instance ? (
        <About instance={instance} idOrName={idOrName} />
      ) : (
        <>
          <div className="instance-head">
            <h1>{idOrName}</h1>
          </div>
          <Loading what="the instance" />
        </>
      )}
    </main>
  )
}

function About({ instance, idOrName }: { instance: Instance; idOrName: string }) {
  const { name, state, stateReason, activeOperationId } = instance
  const navigate = useNavigate()
  usePageActions(
    tabs.map(({ label, to }) => ({
      label: `${label} of ${name}`,
      icon: <ChevronRight />,
      run: () => void navigate({ to, params: { instance: idOrName } }),
    })),
  )
  return (
    <InstanceContext value={instance}>
      <div className="instance-head">
        <h1>{name}</h1>
        <StateBadge instance={instance} />
        {state === 'running' && <HealthBadge instance={instance} />}
        <StopOrStart instance={instance} />
      </div>
      {activeOperationId && (
        <p className="under-way">
          <Workflow aria-hidden="true" />
          It is being changed.
          <Link to="/operations/$operation" params={{ operation: activeOperationId }}>
            Watch the operation
          </Link>
        </p>
      )}
      {stateReason && (
        <p className="why" role="status">
          {sentence(stateReason)}
        </p>
      )}
      <Tabs label={`About ${name}`} tabs={tabs} params={{ instance: idOrName }} />
      <Outlet />
    </InstanceContext>
  )
}
