import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Operation } from '@toygres/sdk'
import { ListChecks } from 'lucide-react'
import { Subject } from '../access/subject.tsx'
import { instancesQuery } from '../live/queries.ts'
import { operationsQuery, type OperationFilter } from '../live/operation-queries.ts'
import { listed, Listing } from '../ui/listing.tsx'
import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago, formatDuration, useNow } from '../ui/time.tsx'
import { OperationBadge } from './operation-badge.tsx'

/** The operations that the filter lets through, newest first. */
export function OperationTable({ filter }: { filter: OperationFilter }) {
  const withInstance = filter.instance === undefined
  return (
    <Listing
      what="the operations"
      of={listed(useInfiniteQuery(operationsQuery(filter)))}
      empty={
        <Empty title="No operations" icon={<ListChecks aria-hidden="true" />}>
          <p>Whatever changes an instance shows up here, step by step.</p>
        </Empty>
      }
    >
      {(operations) => (
        <Table
          name="Operations"
          columns={['Operation', withInstance && 'Instance', 'State', 'Step', 'Took', 'By', 'Requested']}
        >
          {operations.map((operation) => (
            <Row key={operation.id} operation={operation} withInstance={withInstance} />
          ))}
        </Table>
      )}
    </Listing>
  )
}

function Row({ operation, withInstance }: { operation: Operation; withInstance: boolean }) {
  const { id, workflow, resourceId, resourceName, state, requestedBy, createdAt } = operation
  return (
    <tr>
      <th scope="row">
        <Link to="/operations/$operation" params={{ operation: id }} className="name">
          {workflow}
        </Link>
      </th>
      {withInstance && (
        <td>
          <InstanceLink id={resourceId} name={resourceName} />
        </td>
      )}
      <td>
        <OperationBadge state={state} />
      </td>
      <td className="soft">{stepOf(operation)}</td>
      <td className="number soft">
        <Took operation={operation} />
      </td>
      <td className="soft">
        <Subject subject={requestedBy} />
      </td>
      <td className="soft">
        <Ago at={createdAt} />
      </td>
    </tr>
  )
}

/** By its name where that is known. */
export function InstanceLink({ id, name: known = null }: { id: string; name?: string | null }) {
  const { data: instances } = useQuery(instancesQuery)
  const current = instances?.find((instance) => instance.id === id)?.name
  const name = current ?? known
  return (
    // One that is deleted is found by its id: its name may be another's.
    <Link to="/instances/$instance" params={{ instance: current ?? id }} className="name">
      {name ?? <span className="mono">{id.slice(0, 8)}…</span>}
    </Link>
  )
}

/** This time, where it was tried again. */
export function Took({ operation: { createdAt, retriedAt, endedAt } }: { operation: Operation }) {
  const now = useNow()
  return formatDuration((endedAt?.getTime() ?? now) - (retriedAt ?? createdAt).getTime())
}

/** Where it is, or where it stopped. */
function stepOf({ done, error, steps }: Operation): string {
  if (error?.step) return `stopped at ${error.step}`
  const at = steps.find(({ state }) => state !== 'succeeded' && state !== 'pending')
  return done || at === undefined ? `${steps.length} steps` : at.name
}
