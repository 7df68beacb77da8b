import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { healthQuery, historyQuery } from '../live/instance-queries.ts'
import { CopyId } from '../ui/copy-id.tsx'
import { sentence } from '../ui/explain.ts'
import { Facts } from '../ui/facts.tsx'
import { formatBytes, formatMs, formatPercent } from '../ui/format.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { OperationTable } from '../operations/operation-table.tsx'
import { ConnectionCard } from './connection/connection-card.tsx'
import { LatencyChart } from './health/health-charts.tsx'
import { addressOf } from './instance-badges.tsx'
import { useInstance } from './use-instance.ts'

export function OverviewTab() {
  const instance = useInstance()
  const { id, version, provider, createdAt, deletedAt, labels } = instance
  const address = addressOf(instance)
  return (
    <div className="stack">
      <section className="card" aria-label="In short">
        <div className="card-body">
          <Facts
            facts={[
              ['PostgreSQL', version],
              ['Provider', provider],
              [
                'Address',
                address && (
                  <span key="address" className="mono">
                    {address}
                  </span>
                ),
              ],
              ['Created', <Ago key="created" at={createdAt} />],
              ['Deleted', deletedAt && <Ago key="deleted" at={deletedAt} />],
              [
                'Labels',
                Object.keys(labels).length === 0
                  ? null
                  : Object.entries(labels)
                      .map(([name, value]) => `${name}=${value}`)
                      .join(', '),
              ],
              ['Id', <CopyId key="id" id={id} />],
            ]}
          />
        </div>
      </section>
      <div className="two">
        <HealthCard />
        <ConnectionCard />
      </div>
      <section className="card" aria-labelledby="latest">
        <div className="card-head">
          <h2 id="latest">Operations</h2>
        </div>
        <OperationTable filter={{ instance: id }} />
      </section>
    </div>
  )
}

function HealthCard() {
  const { id, name } = useInstance()
  const { data: health, error, refetch } = useQuery(healthQuery(id))
  const { data: history } = useQuery(historyQuery(id, '1h'))
  return (
    <section className="card" aria-labelledby="health">
      <div className="card-head">
        <h2 id="health">Health</h2>
        <Link to="/instances/$instance/health" params={{ instance: name }}>
          Details
        </Link>
      </div>
      <div className="card-body stack">
        {health ? (
          <>
            {health.detail && <p className="why">{sentence(health.detail)}</p>}
            <Facts
              facts={[
                ['Checked', health.checkedAt ? <Ago key="checked" at={health.checkedAt} /> : 'not yet'],
                ['Answers in', health.latencyMs === null ? null : formatMs(health.latencyMs)],
                [
                  'Up in 24 hours',
                  health.uptimePercent === null ? null : formatPercent(health.uptimePercent),
                ],
                [
                  'Connections',
                  health.connections && `${health.connections.used} of ${health.connections.max}`,
                ],
                ['Databases', health.databaseBytes === null ? null : formatBytes(health.databaseBytes)],
              ]}
            />
          </>
        ) : error ? (
          <Failed title="The health cannot be read" error={error} again={() => void refetch()} />
        ) : (
          <Loading what="the health" lines={2} />
        )}
        {history && <LatencyChart history={history} />}
      </div>
    </section>
  )
}
