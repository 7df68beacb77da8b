import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { Subject } from '../access/subject.tsx'
import { graphQuery, operationQuery } from '../live/operation-queries.ts'
import { useOperationEvents } from '../live/use-operation-events.ts'
import { CopyAs } from '../ui/copy-as.tsx'
import { CopyId } from '../ui/copy-id.tsx'
import { sentence } from '../ui/explain.ts'
import { Facts } from '../ui/facts.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Diagram } from './diagram/diagram.tsx'
import { EventLog } from './event-log.tsx'
import { changeAs, followAs } from './operation-as.ts'
import { OperationActions } from './operation-actions.tsx'
import { OperationBadge } from './operation-badge.tsx'
import './operation-page.css'
import { InstanceLink, Took } from './operation-table.tsx'
import { Timeline } from './timeline.tsx'

export function OperationPage() {
  const { operation: id } = useParams({ from: '/shell/operations/$operation' })
  const { data: operation, error, refetch } = useQuery(operationQuery(id))
  const { data: graph, error: noGraph, refetch: readGraph } = useQuery(graphQuery(id))
  const events = useOperationEvents(id, operation?.done ?? false)
  useTitle(operation ? `${operation.workflow} ${operation.state}` : 'Operation')

  if (error && !operation)
    return (
      <main>
        <Failed
          heading="h1"
          title="This operation cannot be shown"
          error={error}
          again={() => void refetch()}
        />
      </main>
    )
  if (!operation)
    return (
      <main className="operation">
        <h1>Operation</h1>
        <Loading what="the operation" />
      </main>
    )
  const change = changeAs(operation)
  return (
    <main className="operation">
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/operations">Operations</Link>
        <ChevronRight size={14} aria-hidden="true" />
        <span aria-current="page">{operation.workflow}</span>
      </nav>
      <div className="page-head">
        <div className="title">
          <h1>{operation.workflow}</h1>
          <span role="status">
            <OperationBadge state={operation.state} />
          </span>
        </div>
        <OperationActions operation={operation} />
      </div>
      {operation.error && (
        <div className="trouble" role="alert">
          <h2>
            {operation.state === 'parked' ? 'It waits for somebody to look at it' : 'It did not work'}
            {operation.error.step && <> at the step {operation.error.step}</>}
          </h2>
          <p>{sentence(operation.error.message)}</p>
          <p className="faint mono">{operation.error.code}</p>
          {operation.error.leftovers.length > 0 && (
            <p>Could not be undone yet, and is being kept at: {operation.error.leftovers.join(', ')}.</p>
          )}
        </div>
      )}
      <section className="card" aria-label="In short">
        <div className="card-body">
          <Facts
            facts={[
              [
                'Instance',
                <InstanceLink key="instance" id={operation.resourceId} name={operation.resourceName} />,
              ],
              ['Requested', <Ago key="requested" at={operation.createdAt} />],
              [operation.done ? 'Took' : 'So far', <Took key="took" operation={operation} />],
              ['By', <Subject key="by" subject={operation.requestedBy} />],
              ['Id', <CopyId key="id" id={operation.id} />],
            ]}
          />
        </div>
      </section>
      <section className="card" aria-labelledby="diagram">
        <div className="card-head">
          <h2 id="diagram">Workflow</h2>
          {graph && <span className="faint">version {graph.version}</span>}
        </div>
        {graph ? (
          <Diagram graph={graph} operation={operation} />
        ) : noGraph ? (
          <Failed title="The workflow cannot be shown" error={noGraph} again={() => void readGraph()} />
        ) : (
          <Loading what="the workflow" lines={3} />
        )}
      </section>
      <section className="card" aria-labelledby="steps">
        <div className="card-head">
          <h2 id="steps">Steps</h2>
        </div>
        <Timeline operation={operation} events={events.events} />
      </section>
      <div className="columns">
        <section className="card" aria-labelledby="events">
          <div className="card-head">
            <h2 id="events">Events</h2>
          </div>
          <EventLog {...events} />
        </section>
        <div className="stack">
          <CopyAs title="Follow it elsewhere" forms={followAs(operation)} />
          {change && <CopyAs title={change.title} forms={change.forms} />}
        </div>
      </div>
    </main>
  )
}
