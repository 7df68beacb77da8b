import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import './chart.css'

export interface Series {
  readonly label: string
  readonly color: 'accent' | 'busy' | 'warn' | 'good' | 'bad' | 'text-faint'
  readonly fill?: boolean
  readonly bars?: boolean
  readonly values: readonly (number | null)[]
}

export interface ChartProps {
  title: string
  /** What is seen in it, for those who do not. */
  summary: string
  times: readonly Date[]
  series: readonly Series[]
  format: (value: number) => string
  /** How far apart the lines of its axis may be, where not every number makes sense. */
  steps?: readonly number[] | undefined
  from: Date
  to: Date
}

const height = 190

/** A canvas over time; drawn anew when its data or the theme changes, and as wide as there is room. */
export function Chart({ title, summary, times, series, format, steps, from, to }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const data: uPlot.AlignedData = [
      times.map((at) => at.getTime() / 1000),
      // A bar of no height would still be drawn as a line.
      ...series.map(({ values, bars }) => values.map((value) => (bars && value === 0 ? null : value))),
    ]
    let plot: uPlot | undefined
    const draw = () => {
      plot?.destroy()
      plot = new uPlot(
        options(element, { series, format, steps, from, to, few: times.length < 30 }),
        data,
        element,
      )
    }
    draw()
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    const themed = new MutationObserver(draw)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', draw)
    return () => {
      resized.disconnect()
      themed.disconnect()
      system.removeEventListener('change', draw)
      plot?.destroy()
    }
  }, [times, series, format, steps, from, to])
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <span className="legend">
          {series.map(({ label, color }) => (
            <span key={label} className={`key ${color}`}>
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}. ${summary}`} />
    </figure>
  )
}

function options(
  element: HTMLElement,
  {
    series,
    format,
    steps,
    from,
    to,
    few,
  }: Pick<ChartProps, 'series' | 'format' | 'steps' | 'from' | 'to'> & { few: boolean },
): uPlot.Options {
  const color = (name: string) => resolved(element, name)
  const font = `12px ${getComputedStyle(element).fontFamily}`
  const axis = {
    stroke: color('text-faint'),
    font,
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
  }
  const at = to.getTime() - from.getTime() > 2 * dayMs ? days : hours
  const asBars = uPlot.paths.bars?.({ size: [0.7, 14] })
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { points: { size: 7 }, y: false },
    scales: { x: { min: from.getTime() / 1000, max: to.getTime() / 1000 }, y: { range: fromZero } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 64,
        values: (_, ticks) => ticks.map((tick) => at.format(tick * 1000)),
      },
      {
        ...axis,
        size: (_, labels) => 14 + 7 * Math.max(0, ...(labels ?? []).map(({ length }) => length)),
        values: (_, ticks) => ticks.map(format),
        ...(steps && { incrs: [...steps] }),
      },
    ],
    series: [
      {},
      ...series.map(({ label, color: name, fill, bars }) => ({
        label,
        stroke: color(name),
        width: 1.75,
        // A line of one point is none.
        points: { show: few && !bars, size: 5, fill: color(name) },
        ...(fill && { fill: `color-mix(in srgb, ${color(name)} 14%, transparent)` }),
        ...(bars && asBars && { paths: asBars, fill: color(name) }),
      })),
    ],
    plugins: [tooltip(series, format)],
  }
}

/** Of things that there is no half of. */
export const wholeSteps = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat()
/** Of bytes, that are counted in powers of two. */
export const byteSteps = Array.from({ length: 50 }, (_, power) => 2 ** power)

const dayMs = 86_400_000
const hours = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const days = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })

/** A range that begins at nothing, with room above. */
function fromZero(_: uPlot, __: number, max: number): [number, number] {
  return [0, max > 0 ? max * 1.15 : 1]
}

/** A canvas knows no custom properties. */
function resolved(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(--${name})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const clock = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

function tooltip(series: readonly Series[], format: (value: number) => string): uPlot.Plugin {
  const box = document.createElement('div')
  box.className = 'chart-tooltip'
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: ({ cursor: { idx, left = 0 }, data, over }) => {
        const at = typeof idx === 'number' ? data[0][idx] : undefined
        box.hidden = at === undefined || left < 0
        if (at === undefined || typeof idx !== 'number') return
        const values = series.map(({ label }, index) => `${label} ${shown(data[index + 1]?.[idx], format)}`)
        box.textContent = [clock.format(new Date(at * 1000)), ...values].join('\n')
        box.style.left = `${Math.min(Math.max(0, left + 12), Math.max(0, over.clientWidth - box.offsetWidth))}px`
      },
    },
  }
}

const shown = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value)
