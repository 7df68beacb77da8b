import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Drift } from '@toygres/sdk'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { sentence } from '../ui/explain.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import '../ui/table.css'
import { Ago } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import './system.css'

const refreshMs = 15_000

const driftQuery = (includeResolved: boolean) =>
  infiniteQueryOptions({
    queryKey: ['drift', { includeResolved }],
    queryFn: ({ signal, pageParam }) =>
      toygres.drift.list({ includeResolved, limit: 50, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: refreshMs,
  })

export function DriftPage() {
  useTitle('Drift')
  const [includeResolved, setIncludeResolved] = useState(false)
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(driftQuery(includeResolved))
  const found = data?.pages.flatMap(({ items }) => items)
  return (
    <main>
      <div className="page-head">
        <div>
          <h1>Drift</h1>
          <p>Where what is really there differs from what should be, and what is done about it.</p>
        </div>
        <label className="switch">
          <input
            type="checkbox"
            checked={includeResolved}
            onChange={(event) => setIncludeResolved(event.target.checked)}
          />
          What is resolved, too
        </label>
      </div>
      <section className="card" aria-label="Drift">
        {error && !found ? (
          <Failed title="The drift cannot be listed" error={error} again={() => void refetch()} />
        ) : !found ? (
          <Loading what="the drift" />
        ) : found.length === 0 ? (
          <Empty title="Everything is as it should be" icon={<ShieldCheck aria-hidden="true" />} />
        ) : (
          <DriftTable found={found} />
        )}
        {hasNextPage && (
          <div className="table-more">
            <Button onClick={() => void fetchNextPage()}>Show older ones</Button>
          </div>
        )}
      </section>
    </main>
  )
}

function DriftTable({ found }: { found: readonly Drift[] }) {
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>Instance</th>
            <th>What</th>
            <th>Detail</th>
            <th>Repair</th>
            <th>Found</th>
          </tr>
        </thead>
        <tbody>
          {found.map((drift) => (
            <tr key={drift.id}>
              <th scope="row">
                <Link to="/instances/$instance" params={{ instance: drift.instanceId }} className="name">
                  {drift.instanceName}
                </Link>
              </th>
              <td>
                <Badge tone={drift.resolvedAt === null ? 'bad' : 'idle'}>{drift.kind}</Badge>
              </td>
              <td className="wide soft">{sentence(drift.detail)}</td>
              <td>
                <Repair drift={drift} />
              </td>
              <td className="soft">
                <Ago at={drift.detectedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Repair({ drift: { operationId, repairs, repairAfter, resolvedAt } }: { drift: Drift }) {
  if (resolvedAt) return <span className="soft">resolved</span>
  if (operationId)
    return (
      <Link to="/operations/$operation" params={{ operation: operationId }}>
        {repairs === 1 ? 'under repair' : `repaired ${repairs} times`}
      </Link>
    )
  if (repairAfter)
    return (
      <span className="soft">
        <Ago at={repairAfter} />
      </span>
    )
  return <span className="soft">needs a person</span>
}
