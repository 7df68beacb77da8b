import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { useState } from 'react'
import {
  healthEventsQuery,
  healthQuery,
  historyQuery,
  ranges,
  type Range,
} from '../../live/instance-queries.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { sentence } from '../../ui/explain.ts'
import { Facts } from '../../ui/facts.tsx'
import { formatBytes, formatMs, formatPercent } from '../../ui/format.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { Ago, formatTime } from '../../ui/time.tsx'
import { HealthBadge } from '../instance-badges.tsx'
import { useInstance } from '../use-instance.ts'
import { HealthCharts } from './health-charts.tsx'
import './health-tab.css'

const names: Record<Range, string> = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days' }

export function HealthTab() {
  const instance = useInstance()
  const [range, setRange] = useState<Range>('1h')
  const { data: history, error, refetch } = useQuery(historyQuery(instance.id, range))
  return (
    <div className="stack">
      <LastCheck />
      <div className="range">
        <h2>History</h2>
        {history?.uptimePercent !== null && history !== undefined && (
          <span className="soft">
            up {formatPercent(history.uptimePercent)} in{' '}
            {history.checks === 1 ? '1 check' : `${history.checks} checks`}
          </span>
        )}
        <Choices
          label="Range"
          of={(Object.keys(ranges) as Range[]).map((value) => ({ value, label: names[value] }))}
          chosen={range}
          onChoose={setRange}
        />
      </div>
      {error && !history ? (
        <Failed title="The history cannot be read" error={error} again={() => void refetch()} />
      ) : history ? (
        <div className="two">
          <HealthCharts history={history} />
        </div>
      ) : (
        <Loading what="the history" />
      )}
      <Changes />
    </div>
  )
}

function LastCheck() {
  const instance = useInstance()
  const { data: health, error, refetch } = useQuery(healthQuery(instance.id))
  return (
    <section className="card" aria-labelledby="last-check">
      <div className="card-head">
        <h2 id="last-check">Last check</h2>
        <HealthBadge instance={instance} />
      </div>
      <div className="card-body">
        {health?.detail && <p className="why">{sentence(health.detail)}</p>}
        {health ? (
          <Facts
            facts={[
              ['Checked', health.checkedAt ? <Ago key="at" at={health.checkedAt} /> : 'not yet'],
              ['Next', health.nextCheckAt && <Ago key="next" at={health.nextCheckAt} />],
              ['Every', `${health.checkIntervalSeconds} s`],
              ['Answers in', health.latencyMs === null ? null : formatMs(health.latencyMs)],
              [
                'Connections',
                health.connections && `${health.connections.used} of ${health.connections.max}`,
              ],
              ['TLS', health.tls === null ? null : health.tls ? 'yes' : 'no'],
              ['Read only', health.readOnly === null ? null : health.readOnly ? 'yes' : 'no'],
              ['Recovering', health.inRecovery ? 'yes' : null],
              [
                'Oldest transaction',
                health.oldestTransactionSeconds === null
                  ? null
                  : `${Math.round(health.oldestTransactionSeconds)} s`,
              ],
              ['Databases', health.databaseBytes === null ? null : formatBytes(health.databaseBytes)],
              [
                'Disk',
                health.disk &&
                  `${formatBytes(health.disk.freeBytes)} free of ${formatBytes(health.disk.totalBytes)}`,
              ],
              ['Up in 24 hours', health.uptimePercent === null ? null : formatPercent(health.uptimePercent)],
            ]}
          />
        ) : error ? (
          <Failed title="The health cannot be read" error={error} again={() => void refetch()} />
        ) : (
          <Loading what="the health" lines={2} />
        )}
      </div>
    </section>
  )
}

const tones = { healthy: 'good', unhealthy: 'bad', unknown: 'idle' } as const

/** When its health changed, and why. */
function Changes() {
  const { id } = useInstance()
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(healthEventsQuery(id))
  const events = data?.pages.flatMap(({ items }) => items)
  return (
    <section className="card" aria-labelledby="changes">
      <div className="card-head">
        <h2 id="changes">Changes</h2>
      </div>
      {error && !events ? (
        <Failed title="The changes cannot be read" error={error} again={() => void refetch()} />
      ) : !events ? (
        <Loading what="the changes" lines={3} />
      ) : events.length === 0 ? (
        <Empty title="Its health has not changed yet" icon={<Activity aria-hidden="true" />} />
      ) : (
        <ol className="changes">
          {events.map((event) => (
            <li key={event.id}>
              <time className="faint number" dateTime={event.at.toISOString()}>
                {formatTime(event.at)}
              </time>
              <Badge tone={tones[event.status]}>
                {event.reason ? `${event.status}: ${event.reason}` : event.status}
              </Badge>
              <span className="soft">{event.detail && sentence(event.detail)}</span>
            </li>
          ))}
        </ol>
      )}
      {hasNextPage && (
        <div className="table-more">
          <Button onClick={() => void fetchNextPage()}>Show older ones</Button>
        </div>
      )}
    </section>
  )
}
