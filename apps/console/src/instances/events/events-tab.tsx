import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Subject } from '../../access/subject.tsx'
import { useFollowedOperation } from '../../live/follow-operation.ts'
import { healthEventsQuery } from '../../live/instance-queries.ts'
import { operationsQuery } from '../../live/operation-queries.ts'
import { stepTones, tones } from '../../operations/operation-badge.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { sentence } from '../../ui/explain.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { formatTime } from '../../ui/time.tsx'
import { useInstance } from '../use-instance.ts'
import './events-tab.css'
import { storyOf, type Happening } from './happenings.ts'

const kinds = [
  { value: 'all', label: 'Everything' },
  { value: 'operations', label: 'Operations' },
  { value: 'health', label: 'Health' },
] as const
type Kind = (typeof kinds)[number]['value']

/** What happened to it, step by step, as it happens. */
export function EventsTab() {
  const { id, activeOperationId } = useInstance()
  useFollowedOperation(activeOperationId)
  const operations = useInfiniteQuery(operationsQuery({ instance: id }))
  const health = useInfiniteQuery(healthEventsQuery(id))
  const [kind, setKind] = useState<Kind>('all')
  const story = useMemo(
    () =>
      operations.data &&
      health.data &&
      storyOf(
        { items: operations.data.pages.flatMap(({ items }) => items), hasMore: operations.hasNextPage },
        { items: health.data.pages.flatMap(({ items }) => items), hasMore: health.hasNextPage },
      ),
    [operations.data, operations.hasNextPage, health.data, health.hasNextPage],
  )
  const error = operations.error ?? health.error
  const again = () => void Promise.all([operations.refetch(), health.refetch()])
  const older = () => {
    for (const { hasNextPage, fetchNextPage } of [operations, health]) if (hasNextPage) void fetchNextPage()
  }
  if (error && !story) return <Failed title="The events cannot be read" error={error} again={again} />
  if (!story) return <Loading what="the events" />

  const shown = story.filter(({ what }) => kind === 'all' || (what === 'health') === (kind === 'health'))
  return (
    <section className="card" aria-labelledby="events">
      <div className="card-head">
        <h2 id="events">Events</h2>
        <Choices label="Of what" of={kinds} chosen={kind} onChoose={setKind} />
      </div>
      {shown.length === 0 ? (
        <Empty title="Nothing like that has happened" icon={<History aria-hidden="true" />}>
          <p>Operations, step by step, and changes of its health show up here as they happen.</p>
        </Empty>
      ) : (
        <ol className="story" aria-label="Events, the newest one first">
          {shown.map((happening) => (
            <Item key={happening.key} happening={happening} />
          ))}
        </ol>
      )}
      {(operations.hasNextPage || health.hasNextPage) && (
        <div className="table-more">
          <Button onClick={older} disabled={operations.isFetchingNextPage || health.isFetchingNextPage}>
            Show older ones
          </Button>
        </div>
      )}
    </section>
  )
}

function Item({ happening: { at, what, operationId, step, state, message, by } }: { happening: Happening }) {
  return (
    <li data-what={what} data-step={step} data-state={state}>
      <time className="faint number" dateTime={at.toISOString()}>
        {formatTime(at)}
      </time>
      <span className="what">
        {operationId === null ? (
          what
        ) : (
          <Link to="/operations/$operation" params={{ operation: operationId }} className="name">
            {what}
          </Link>
        )}
        {step && <span className="soft"> · {step}</span>}
      </span>
      <Badge tone={toneOf(state)}>{state}</Badge>
      <span className="soft told">
        {by === null ? (
          message && sentence(message)
        ) : (
          <>
            By <Subject subject={by} />
          </>
        )}
      </span>
    </li>
  )
}

const others: Record<'requested' | 'healthy' | 'unhealthy' | 'unknown', Tone> = {
  requested: 'idle',
  healthy: 'good',
  unhealthy: 'bad',
  unknown: 'idle',
}

const toneOf = (state: Happening['state']): Tone => ({ ...stepTones, ...tones, ...others })[state]
