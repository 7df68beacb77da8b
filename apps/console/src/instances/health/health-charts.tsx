import type { HealthHistory } from '@toygres/sdk'
import { useMemo } from 'react'
import { byteSteps, Chart, wholeSteps, type Series } from '../../ui/chart.tsx'
import { formatBytes, formatCount, formatMs } from '../../ui/format.ts'

interface Measure {
  readonly title: string
  readonly format: (value: number) => string
  readonly steps?: readonly number[]
  readonly series: (points: HealthHistory['points']) => Series[]
}

const latency: Measure = {
  title: 'Latency',
  format: formatMs,
  series: (points) => {
    const average = points.map(({ latencyMs }) => latencyMs?.average ?? null)
    const longest = points.map(({ latencyMs }) => latencyMs?.max ?? null)
    // Of single checks both are one line, and the second would hide the first.
    if (points.every(({ checks }) => checks === 1))
      return [{ label: 'each check', color: 'accent', fill: true, values: average }]
    return [
      { label: 'average', color: 'accent', fill: true, values: average },
      { label: 'longest', color: 'text-faint', values: longest },
    ]
  },
}
const failures: Measure = {
  title: 'Failed checks',
  format: formatCount,
  steps: wholeSteps,
  series: (points) => [
    { label: 'failed', color: 'bad', bars: true, values: points.map((point) => point.failures) },
  ],
}
const connections: Measure = {
  title: 'Connections',
  format: formatCount,
  steps: wholeSteps,
  series: (points) => [
    { label: 'in use at most', color: 'busy', fill: true, values: points.map((point) => point.connections) },
  ],
}
const size: Measure = {
  title: 'Size of all databases',
  format: formatBytes,
  steps: byteSteps,
  series: (points) => [
    { label: 'size', color: 'good', fill: true, values: points.map((point) => point.databaseBytes) },
  ],
}

export const LatencyChart = ({ history }: { history: HealthHistory }) => (
  <HealthChart history={history} measure={latency} />
)

export function HealthCharts({ history }: { history: HealthHistory }) {
  return [latency, failures, connections, size].map((measure) => (
    <div key={measure.title} className="card">
      <div className="card-body">
        <HealthChart history={history} measure={measure} />
      </div>
    </div>
  ))
}

function HealthChart({ history, measure }: { history: HealthHistory; measure: Measure }) {
  const { points, from, to } = history
  const times = useMemo(() => points.map(({ at }) => at), [points])
  const series = useMemo(() => measure.series(points), [points, measure])
  return (
    <Chart
      title={measure.title}
      summary={summaryOf(series, measure.format)}
      times={times}
      series={series}
      format={measure.format}
      steps={measure.steps}
      from={from}
      to={to}
    />
  )
}

function summaryOf(series: readonly Series[], format: (value: number) => string): string {
  return series
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null)
      if (known.length === 0) return `${label}: nothing was measured`
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length
      return `${label}: ${format(Math.min(...known))} to ${format(Math.max(...known))}, ${format(mean)} on average`
    })
    .join('; ')
}
