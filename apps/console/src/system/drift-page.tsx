import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Drift } from '@toygres/sdk'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { Badge } from '../ui/badge.tsx'
import { sentence } from '../ui/explain.ts'
import { listed, Listing } from '../ui/listing.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago } from '../ui/time.tsx'
import './system.css'

/** No stream tells of drift, which the reconciler finds by looking: read again while somebody looks at it, never in a hidden tab. */
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
  const [includeResolved, setIncludeResolved] = useState(false)
  const drift = listed(useInfiniteQuery(driftQuery(includeResolved)))
  return (
    <main>
      <PageHead
        title="Drift"
        about="Where what is really there differs from what should be, and what is done about it."
      >
        <label className="switch">
          <input
            type="checkbox"
            checked={includeResolved}
            onChange={(event) => setIncludeResolved(event.target.checked)}
          />
          What is resolved, too
        </label>
      </PageHead>
      <section className="card" aria-label="Drift">
        <Listing
          what="the drift"
          of={drift}
          empty={<Empty title="Everything is as it should be" icon={<ShieldCheck aria-hidden="true" />} />}
        >
          {(found) => <DriftTable found={found} />}
        </Listing>
      </section>
    </main>
  )
}

function DriftTable({ found }: { found: readonly Drift[] }) {
  return (
    <Table name="Drift" columns={['Instance', 'What', 'Detail', 'Repair', 'Found']}>
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
    </Table>
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
