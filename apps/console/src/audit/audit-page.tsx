import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { RefreshCw, ScrollText } from 'lucide-react'
import { toygres } from '../app/toygres.ts'
import '../instances/instances-page.css'
import { instancesQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useTitle } from '../ui/use-title.ts'
import { AuditFilters } from './audit-filters.tsx'
import type { AuditSearch } from './audit-search.ts'
import { AuditTable } from './audit-table.tsx'

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
  useTitle('Audit log')
  const search = useSearch({ from: '/shell/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const { data: instances = [] } = useQuery(instancesQuery)
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery(
    auditQuery(search),
  )
  const entries = data?.pages.flatMap(({ items }) => items)
  const nameOf = (id: string) => instances.find((instance) => instance.id === id)?.name
  const change = (part: AuditSearch) => void navigate({ search: (now) => ({ ...now, ...part }) })

  return (
    <main>
      <div className="page-head">
        <div>
          <h1>Audit log</h1>
          <p>Who did what, or tried to. Nobody can change it.</p>
        </div>
        <div className="actions">
          <Button disabled={isFetching} onClick={() => void refetch()}>
            <RefreshCw aria-hidden="true" />
            Refresh
          </Button>
        </div>
      </div>
      <section className="card" aria-label="Audit log">
        <AuditFilters
          key={`${search.by} ${search.about}`}
          search={search}
          nameOf={nameOf}
          idOf={(name) => instances.find((instance) => instance.name === name)?.id}
          onChange={change}
        />
        {error && !entries ? (
          <Failed title="The audit log cannot be read" error={error} again={() => void refetch()} />
        ) : !entries ? (
          <Loading what="the audit log" />
        ) : entries.length === 0 ? (
          <Empty title="There are no such entries" icon={<ScrollText aria-hidden="true" />}>
            <p>Every change is noted here, and every password that somebody looked at.</p>
          </Empty>
        ) : (
          <AuditTable entries={entries} nameOf={nameOf} onFilter={change} />
        )}
        {hasNextPage && (
          <div className="table-more">
            <Button disabled={isFetching} onClick={() => void fetchNextPage()}>
              {isFetching ? 'Loading…' : 'Show older ones'}
            </Button>
          </div>
        )}
      </section>
    </main>
  )
}
