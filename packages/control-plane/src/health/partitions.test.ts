import { expect, test } from 'vitest'
import { histories, partitionPlan } from './partitions.ts'

const hourMs = 3_600_000
const now = new Date('2026-03-29T00:30:00Z')
const after = (hours: number) => new Date(now.getTime() + hours * hourMs)

test('what is made is there the next time', () => {
  const { missing } = partitionPlan(now, [])
  const names = missing.map(({ name }) => name)
  expect(partitionPlan(now, names)).toEqual({ missing: [], over: [] })
})

test.each(histories)('$table has a partition for every moment, without gap or overlap', ({ table }) => {
  const spans = [0, 1, 24, 240, 241]
    .flatMap((hours) => partitionPlan(after(hours), []).missing)
    .filter((partition) => partition.table === table)
  const byName = new Map(spans.map((span) => [span.name, span]))
  const ordered = [...byName.values()].toSorted((a, b) => a.from.getTime() - b.from.getTime())
  for (const [n, span] of ordered.entries()) {
    const follower = ordered[n + 1]
    if (follower) expect(follower.from.getTime()).toBeGreaterThanOrEqual(span.to.getTime())
  }
  expect(ordered.some(({ from, to }) => from <= now && now < to)).toBe(true)
})

test.each(histories)(
  '$table keeps what it promises, and not a partition more',
  ({ table, keepHours, partitionHours }) => {
    const oldest = partitionPlan(now, []).missing.find((partition) => partition.table === table)
    if (oldest === undefined) throw new Error('BUG: no partition')
    const end = (oldest.to.getTime() - now.getTime()) / hourMs
    expect(partitionPlan(after(end + keepHours - 0.01), [oldest.name]).over).toEqual([])
    expect(partitionPlan(after(end + keepHours), [oldest.name]).over).toEqual([oldest.name])
    expect(partitionHours).toBeGreaterThan(0)
  },
)
