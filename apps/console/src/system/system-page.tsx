import { queryOptions, useQuery } from '@tanstack/react-query'
import type { SystemActivity, SystemStatus } from '@toygres/sdk'
import { useMemo } from 'react'
import { toygres } from '../app/toygres.ts'
import { Chart, wholeSteps, type Series } from '../ui/chart.tsx'
import { Facts } from '../ui/facts.tsx'
import { formatBytes, formatCount, formatMs } from '../ui/format.ts'
import { PageHead } from '../ui/page-head.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago } from '../ui/time.tsx'

/**
 * Woken by each change of an instance (`live/watch.ts`). Leases, lags and the other projects have no stream that would tell of them:
 * for these it is read again while somebody looks at it, never in a hidden tab.
 */
const refreshMs = 5_000

const statusQuery = queryOptions({
  queryKey: ['system', 'status'],
  queryFn: ({ signal }) => toygres.system.status({ signal }),
  refetchInterval: refreshMs,
})
const activityQuery = queryOptions({
  queryKey: ['system', 'activity'],
  queryFn: ({ signal }) => toygres.system.activity({ signal }),
  refetchInterval: refreshMs,
})

export function SystemPage() {
  const status = useQuery(statusQuery)
  const activity = useQuery(activityQuery)
  const error = status.error ?? activity.error
  return (
    <main>
      <PageHead
        title="System"
        about="The control plane itself: who works, what waits, and how much gets done."
      />
      {status.data && activity.data ? (
        <div className="stack">
          <About status={status.data} activity={activity.data} />
          <Queues activity={activity.data} />
          <ThroughputCard activity={activity.data} />
          <Workers activity={activity.data} />
        </div>
      ) : error ? (
        <Failed
          title="The control plane says nothing about itself"
          error={error}
          again={() => void Promise.all([status.refetch(), activity.refetch()])}
        />
      ) : (
        <Loading what="the system" />
      )}
    </main>
  )
}

function About({ status, activity }: { status: SystemStatus; activity: SystemActivity }) {
  const { versions, database, provider, providerError, startedAt, instances } = status
  const running = Object.values(activity.operations).reduce((sum, count) => sum + count, 0)
  return (
    <section className="card" aria-label="In short">
      <div className="card-body">
        <Facts
          facts={[
            ['Toygres', versions.toygres],
            ['Up since', <Ago key="since" at={startedAt} />],
            ['Provider', providerError ? `${provider}: ${providerError.message}` : provider],
            ['Instances running', String(instances['running'] ?? 0)],
            ['Operations under way', String(running)],
            [
              'Operations take',
              activity.durationMs &&
                `${formatMs(activity.durationMs.median)} (95 %: ${formatMs(activity.durationMs.p95)})`,
            ],
            ['Metadata', `PostgreSQL ${versions.database}${database.embedded ? ', brought along' : ''}`],
            ['Its size', formatBytes(database.sizeBytes)],
            ['Schema', versions.migration],
            ['Node', versions.node],
          ]}
        />
      </div>
    </section>
  )
}

function Queues({ activity: { queues } }: { activity: SystemActivity }) {
  return (
    <section className="card" aria-labelledby="queues">
      <div className="card-head">
        <h2 id="queues">Queues</h2>
      </div>
      <Table name="Queues" columns={['Queue', 'Ready', 'Running', 'For later', 'Lag']}>
        {queues.map(({ name, ready, active, deferred, lagMs }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">{ready}</td>
            <td className="number">{active}</td>
            <td className="number">{deferred}</td>
            <td className="number">{lagMs === null ? 'none' : formatMs(lagMs)}</td>
          </tr>
        ))}
      </Table>
    </section>
  )
}

const hour = 3_600_000

function ThroughputCard({ activity: { throughput, at } }: { activity: SystemActivity }) {
  const times = useMemo(() => throughput.map((minute) => minute.at), [throughput])
  const series = useMemo<Series[]>(
    () => [
      { label: 'succeeded', color: 'good', bars: true, values: throughput.map(({ succeeded }) => succeeded) },
      { label: 'failed', color: 'bad', bars: true, values: throughput.map(({ failed }) => failed) },
    ],
    [throughput],
  )
  const from = useMemo(() => new Date(at.getTime() - hour), [at])
  const ended = throughput.reduce(
    (sum, { succeeded, failed, cancelled }) => sum + succeeded + failed + cancelled,
    0,
  )
  return (
    <section className="card" aria-label="Throughput">
      <div className="card-body">
        <Chart
          title="Operations by the minute"
          summary={`${ended} have ended in the last hour.`}
          times={times}
          series={series}
          format={formatCount}
          steps={wholeSteps}
          from={from}
          to={at}
        />
      </div>
    </section>
  )
}

function Workers({ activity: { workers } }: { activity: SystemActivity }) {
  return (
    <section className="card" aria-labelledby="workers">
      <div className="card-head">
        <h2 id="workers">Workers</h2>
      </div>
      <Table name="Workers" columns={['Host', 'Process', 'Operations', 'Started']}>
        {workers.map(({ id, host, pid, operations, startedAt }) => (
          <tr key={id}>
            <th scope="row">{host}</th>
            <td className="number">{pid}</td>
            <td className="number">{operations}</td>
            <td className="soft">
              <Ago at={startedAt} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}
