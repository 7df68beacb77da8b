import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Database, Plus, SearchX } from 'lucide-react'
import { useState } from 'react'
import { may } from '../app/session.ts'
import { useSession } from '../app/use-session.ts'
import { instancesQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useTitle } from '../ui/use-title.ts'
import { BulkBar } from './bulk-bar.tsx'
import { InstanceFilters } from './instance-filters.tsx'
import { InstanceTable } from './instance-table.tsx'
import { select, type InstanceListSearch } from './list-search.ts'
import './instances-page.css'

export function InstancesPage() {
  useTitle('Instances')
  const search = useSearch({ from: '/shell/' })
  const navigate = useNavigate({ from: '/' })
  const mayWrite = may(useSession(), 'instances:write')
  const { data: instances, error, refetch } = useQuery(instancesQuery)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())

  const change = (part: Partial<InstanceListSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true })
  const shown = instances && select(instances, search)
  // What is gone, or filtered out, is not acted on.
  const selected = shown?.filter(({ id }) => chosen.has(id)) ?? []

  return (
    <main>
      <div className="page-head">
        <div>
          <h1>Instances</h1>
          <p>PostgreSQL servers, as they are now.</p>
        </div>
        {mayWrite && (
          <div className="actions">
            <Link to="/instances/new" className="button primary">
              <Plus aria-hidden="true" />
              New instance
            </Link>
          </div>
        )}
      </div>
      <section className="card" aria-label="Instances">
        {instances && instances.length > 0 && shown && (
          <InstanceFilters search={search} onChange={change} shown={shown.length} all={instances.length} />
        )}
        {content()}
      </section>
      <BulkBar selected={selected} onClear={() => setChosen(new Set())} />
    </main>
  )

  function content() {
    if (error && !instances)
      return <Failed title="The instances cannot be listed" error={error} again={() => void refetch()} />
    if (!instances || !shown) return <Loading what="the instances" />
    if (instances.length === 0)
      return (
        <Empty title="No instances yet" icon={<Database aria-hidden="true" />}>
          <p>An instance is a PostgreSQL server of your own. It takes a second to make one.</p>
          {mayWrite && (
            <Link to="/instances/new" className="button primary">
              <Plus aria-hidden="true" />
              Create the first one
            </Link>
          )}
        </Empty>
      )
    if (shown.length === 0)
      return (
        <Empty title="None of them is like that" icon={<SearchX aria-hidden="true" />}>
          <Button onClick={() => change({ q: undefined, state: undefined, health: undefined })}>
            Show all {instances.length}
          </Button>
        </Empty>
      )
    return (
      <InstanceTable
        instances={shown}
        sort={{
          key: search.sort ?? 'created',
          down: search.down ?? (search.sort ?? 'created') === 'created',
        }}
        onSort={({ key, down }) => change({ sort: key, down })}
        chosen={mayWrite ? chosen : null}
        onChoose={setChosen}
      />
    )
  }
}
