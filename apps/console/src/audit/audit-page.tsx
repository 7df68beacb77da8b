import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { RefreshCw, ScrollText } from 'lucide-react'
import { toygres } from '../app/toygres.ts'
import '../instances/instances-page.css'
import { instancesQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { listed, Listing } from '../ui/listing.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Empty } from '../ui/states.tsx'
import { AuditFilters } from './audit-filters.tsx'
import type { AuditSearch } from './audit-search.ts'
import { AuditTable } from './audit-table.tsx'
import { useNames } from './names.ts'

const auditQuery = ({ by, about }: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', by ?? null, about ?? null],
    // Nobody is told of what was noted: the page is read anew each time that it is opened.
    staleTime: 0,
    queryFn: ({ signal, pageParam }) =>
      toygres.audit.list(
        {
          limit: 50,
          ...(by !== undefined && { subject: by }),
          ...(about !== undefined && { resourceId: about }),
          ...(pageParam && { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

export function AuditPage() {
  const search = useSearch({ from: '/shell/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const { data: instances = [] } = useQuery(instancesQuery)
  const query = useInfiniteQuery(auditQuery(search))
  const nameOf = useNames()
  const change = (part: AuditSearch) => void navigate({ search: (now) => ({ ...now, ...part }) })

  return (
    <main>
      <PageHead title="Audit log" about="Who did what, or tried to. Nobody can change it.">
        <Button disabled={query.isFetching} onClick={() => void query.refetch()}>
          <RefreshCw aria-hidden="true" />
          Refresh
        </Button>
      </PageHead>
      <section className="card" aria-label="Audit log">
        <AuditFilters
          key={`${search.by} ${search.about}`}
          search={search}
          nameOf={nameOf}
          idOf={(name) => instances.find((instance) => instance.name === name)?.id}
          onChange={change}
        />
        <Listing
          what="the audit log"
          of={listed(query)}
          empty={
            <Empty title="There are no such entries" icon={<ScrollText aria-hidden="true" />}>
              <p>Every change is noted here, and every password that somebody looked at.</p>
            </Empty>
          }
        >
          {(entries) => <AuditTable entries={entries} nameOf={nameOf} onFilter={change} />}
        </Listing>
      </section>
    </main>
  )
}
