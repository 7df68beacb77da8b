import { cpus, release, totalmem } from 'node:os'

/** The value that this share of all samples does not exceed (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('no samples')
  return value
}

export interface Figure {
  readonly what: string
  /** As measured, with its unit. */
  readonly seen: string
  /** What it should be; empty where nothing was promised. */
  readonly aim?: string
  /** Whether it is so; without it, whoever reads it decides. */
  readonly met?: boolean
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`

export const spread = (samples: readonly number[]): string =>
  `p50 ${ms(percentile(samples, 0.5))}, p95 ${ms(percentile(samples, 0.95))}, p99 ${ms(percentile(samples, 0.99))} (n=${samples.length})`

export function printFigures(figures: readonly Figure[], reproduce: string): void {
  const width = Math.max(...figures.map(({ what }) => what.length))
  for (const { what, seen, aim, met = true } of figures)
    console.log(`${what.padEnd(width)}  ${seen}${aim ? `   aim: ${aim}` : ''}${met ? '' : '   MISSED'}`)
  // Nobody is to take what was missed for what was reached.
  if (figures.some(({ met = true }) => !met)) process.exitCode = 1
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  console.log(
    `\nOn ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${memory}, ${process.platform} ${release()}, Node ${process.version}.`,
  )
  console.log(`Again with: ${reproduce}`)
}
