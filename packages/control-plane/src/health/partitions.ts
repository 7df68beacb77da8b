import type { ISql } from 'postgres'

/** A table of history: how long one partition is, and how long what is in it is kept. */
interface History {
  readonly table: 'health_samples' | 'health_minutes' | 'health_hours'
  readonly partitionHours: number
  readonly keepHours: number
}

/** At 10,000 instances and an interval of 30 s the samples of a day are 29 million rows. */
export const histories: readonly History[] = [
  { table: 'health_samples', partitionHours: 1, keepHours: 24 },
  { table: 'health_minutes', partitionHours: 24, keepHours: 7 * 24 },
  { table: 'health_hours', partitionHours: 10 * 24, keepHours: 90 * 24 },
]

/** Partitions that are made before they are needed. */
const ahead = 2
const hourMs = 3_600_000

/**
 * Makes the partitions for now and the time to come, and drops those whose last row is older than it needs to be. A reader of
 * history that holds a table for longer than a moment makes it wait for the next time: no check waits for that any longer.
 * @returns whether anything changed
 */
export async function keepPartitions(tx: ISql): Promise<boolean> {
  // Those that start at once make none twice.
  await tx`select pg_advisory_xact_lock(hashtextextended('toygres health partitions', 0))`
  const [clock] = await tx<{ now: Date }[]>`select now()`
  const there = await tx<{ name: string }[]>`
    select c.relname as name from pg_inherits h join pg_class c on c.oid = h.inhrelid
    where h.inhparent in ('health_samples'::regclass, 'health_minutes'::regclass, 'health_hours'::regclass)`
  const { missing, over } = partitionPlan(
    clock?.now ?? new Date(),
    there.map(({ name }) => name),
  )
  if (missing.length + over.length === 0) return false
  await tx`set local lock_timeout = '1s'`
  for (const { name, table, from, to } of missing)
    await tx.unsafe(
      `create table if not exists ${name} partition of ${table} for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
    )
  for (const name of over) await tx.unsafe(`drop table if exists ${name}`)
  return true
}

export interface Partition {
  readonly name: string
  readonly table: History['table']
  readonly from: Date
  readonly to: Date
}

/** What to make and what to drop; the name of a partition says its table and its first hour since 1970. */
export function partitionPlan(now: Date, there: readonly string[]): { missing: Partition[]; over: string[] } {
  const present = new Set(there)
  const missing: Partition[] = []
  const over: string[] = []
  for (const { table, partitionHours, keepHours } of histories) {
    const hour = Math.floor(now.getTime() / hourMs)
    const current = hour - (hour % partitionHours)
    // The one before, too: what is summed up a minute late belongs there.
    for (let n = -1; n <= ahead; n++) {
      const first = current + n * partitionHours
      const partition = {
        name: `${table}_${first}`,
        table,
        from: new Date(first * hourMs),
        to: new Date((first + partitionHours) * hourMs),
      }
      if (!present.has(partition.name)) missing.push(partition)
    }
    for (const name of there) {
      const first = name.startsWith(`${table}_`) ? Number(name.slice(table.length + 1)) : Number.NaN
      if (first + partitionHours + keepHours <= hour) over.push(name)
    }
  }
  return { missing, over }
}
