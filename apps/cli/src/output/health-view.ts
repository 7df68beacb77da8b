import type { Health, HealthEvent, HealthHistory, HealthPoint } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import type { Kind } from './kind.ts'
import { styleOfHealth } from './states.ts'
import { fields, optional } from './table.ts'

export const healthView = (health: Health): string =>
  fields([
    ['health', health.status, styleOfHealth({ healthStatus: health.status })],
    ...optional('reason', health.reason),
    ...optional('detail', health.detail),
    [
      'checked',
      health.checkedAt && `${formatAge(health.checkedAt)} ago, every ${health.checkIntervalSeconds} s`,
    ],
    ['latency', health.latencyMs && milliseconds(health.latencyMs)],
    ['tls', yesOrNo(health.tls)],
    ['read-only', yesOrNo(health.readOnly)],
    ['recovery', yesOrNo(health.inRecovery)],
    ['connections', health.connections && `${health.connections.used} of ${health.connections.max}`],
    [
      'oldest transaction',
      health.oldestTransactionSeconds && `${health.oldestTransactionSeconds.toFixed(0)} s`,
    ],
    ['size', megabytes(health.databaseBytes)],
    [
      'disk',
      health.disk && `${gigabytes(health.disk.freeBytes)} of ${gigabytes(health.disk.totalBytes)} free`,
    ],
    ['uptime (24 h)', percent(health.uptimePercent)],
  ])

export const healthPointKind: Kind<HealthPoint> = {
  nameOf: ({ at }) => at.toISOString(),
  columns: [
    { title: 'AT', cell: ({ at }) => at.toISOString() },
    { title: 'CHECKS', cell: (point) => point.checks },
    {
      title: 'FAILURES',
      cell: ({ failures }) => failures,
      style: (p) => (p.failures > 0 ? 'red' : undefined),
    },
    { title: 'LATENCY', cell: ({ latencyMs }) => latencyMs && milliseconds(latencyMs.average) },
    { title: 'MAX', cell: ({ latencyMs }) => latencyMs && milliseconds(latencyMs.max) },
    { title: 'CONNECTIONS', cell: ({ connections }) => connections },
    { title: 'SIZE', cell: ({ databaseBytes }) => megabytes(databaseBytes) },
    { title: 'REASON', cell: ({ reason }) => reason },
  ],
}

export const historySummary = ({ uptimePercent, checks, resolution }: HealthHistory): string =>
  `${percent(uptimePercent) ?? 'unknown'} up in ${checks} ${checks === 1 ? 'check' : 'checks'}, by ${resolution}`

export const healthEventKind: Kind<HealthEvent> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'AT', cell: ({ at }) => at.toISOString() },
    {
      title: 'HEALTH',
      cell: ({ status }) => status,
      style: ({ status }) => styleOfHealth({ healthStatus: status }),
    },
    { title: 'REASON', cell: ({ reason }) => reason },
    { title: 'DETAIL', cell: ({ detail }) => detail },
    { title: 'ID', cell: ({ id }) => id, extra: true },
  ],
}

export const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
export const megabytes = (bytes: number | null): string | null =>
  bytes === null ? null : `${(bytes / 1_000_000).toFixed(1)} MB`
const gigabytes = (bytes: number): string => `${(bytes / 1_000_000_000).toFixed(1)} GB`
export const percent = (value: number | null): string | null =>
  value === null ? null : `${floored(value)} %`
const yesOrNo = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no')

/** Three nines must not be rounded up to a hundred. */
const floored = (value: number): string => (Math.floor(value * 1000) / 1000).toString()
