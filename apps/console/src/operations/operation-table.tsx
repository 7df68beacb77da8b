import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Operation } from '@toygres/sdk'
import { ListChecks } from 'lucide-react'
import { instancesQuery } from '../live/queries.ts'
import { operationsQuery, type OperationFilter } from '../live/operation-queries.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import '../ui/table.css'
import { Ago, formatDuration, useNow } from '../ui/time.tsx'
import { OperationBadge } from './operation-badge.tsx'

/** The operations that the filter lets through, newest first. */
export function OperationTable({ filter }: { filter: OperationFilter }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    operationsQuery(filter),
  )
  if (error && !data)
    return <Failed title="The operations cannot be listed" error={error} again={() => void refetch()} />
  if (!data) return <Loading what="the operations" />
  const operations = data.pages.flatMap(({ items }) => items)
  if (operations.length === 0)
    return (
      <Empty title="No operations" icon={<ListChecks aria-hidden="true" />}>
        <p>Whatever changes an instance shows up here, step by step.</p>
      </Empty>
    )
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>Operation</th>
            {filter.instance === undefined && <th>Instance</th>}
            <th>State</th>
            <th>Step</th>
            <th>Took</th>
            <th>By</th>
            <th>Requested</th>
          </tr>
        </thead>
        <tbody>
          {operations.map((operation) => (
            <Row key={operation.id} operation={operation} withInstance={filter.instance === undefined} />
          ))}
        </tbody>
      </table>
      {hasNextPage && (
        <div className="table-more">
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? 'Loading…' : 'Show older ones'}
          </Button>
        </div>
      )}
    </div>
  )
}

function Row({ operation, withInstance }: { operation: Operation; withInstance: boolean }) {
  const { id, workflow, resourceId, state, requestedBy, createdAt } = operation
  return (
    <tr>
      <th scope="row">
        <Link to="/operations/$operation" params={{ operation: id }} className="name">
          {workflow}
        </Link>
      </th>
      {withInstance && (
        <td>
          <InstanceLink id={resourceId} />
        </td>
      )}
      <td>
        <OperationBadge state={state} />
      </td>
      <td className="soft">{stepOf(operation)}</td>
      <td className="number soft">
        <Took operation={operation} />
      </td>
      <td className="mono soft">{requestedBy}</td>
      <td className="soft">
        <Ago at={createdAt} />
      </td>
    </tr>
  )
}

/** By its name where that is known. */
export function InstanceLink({ id }: { id: string }) {
  const { data: instances } = useQuery(instancesQuery)
  const name = instances?.find((instance) => instance.id === id)?.name
  return (
    <Link to="/instances/$instance" params={{ instance: name ?? id }} className="name">
      {name ?? <span className="mono">{id.slice(0, 8)}…</span>}
    </Link>
  )
}

export function Took({ operation: { createdAt, endedAt } }: { operation: Operation }) {
  const now = useNow()
  return formatDuration((endedAt?.getTime() ?? now) - createdAt.getTime())
}

/** Where it is, or where it stopped. */
function stepOf({ done, error, steps }: Operation): string {
  if (error?.step) return `stopped at ${error.step}`
  const at = steps.find(({ state }) => state !== 'succeeded' && state !== 'pending')
  return done || at === undefined ? `${steps.length} steps` : at.name
}
