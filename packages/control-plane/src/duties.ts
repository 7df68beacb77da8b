import type { Sql, TransactionSql } from 'postgres'

/** Work that one control plane does for all of them. */
export type Duty =
  | `health-sweep-${5 | 15 | 30}s`
  | 'health-rollup'
  | 'health-partitions'
  | 'health-vacuum'
  | 'reconcile'

/**
 * Does a duty unless somebody did it less than `everyMs` ago, or is at it. What it writes commits with the note that it was done,
 * so that a crash in the middle leaves it to the next one.
 * @returns what the work returned; null when it is not due
 */
export async function ifDue<T>(
  sql: Sql,
  { duty, everyMs }: { duty: Duty; everyMs: number },
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T | null> {
  const results: T[] = []
  await sql.begin(async (tx) => {
    await tx`insert into duties (duty, done_at) values (${duty}, '-infinity') on conflict do nothing`
    // A note from the future was written before the clock was set back: it must not put the duty off until then.
    const due = await tx`
      select from duties where duty = ${duty}
        and (done_at <= now() - ${everyMs} * interval '1 millisecond' or done_at > now() + interval '1 second')
      for update skip locked`
    if (due.length === 0) return
    results.push(await work(tx))
    await tx`update duties set done_at = now() where duty = ${duty}`
  })
  return results[0] ?? null
}
