import type { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { seconds } from '../definition/duration.ts'
import { requeue } from './requeue.ts'

/** How many operations may be under way at once: by the name of their workflow, and by the group they were started in. */
export interface Limits {
  readonly workflows?: Readonly<Record<string, number>>
  readonly groups?: Readonly<Record<string, number>>
}

/**
 * The lane of operations whose worker has died more than once in the step that they are in (see lease.ts). One at a time in
 * all processes: the next death shows which of them it was, and takes no other suspect along.
 */
export const quarantine = 'quarantine'

/** The limits as the database names them: each is a lane, and an operation is in none or a few. */
export function lanesOf({ workflows = {}, groups = {} }: Limits): ReadonlyMap<string, number> {
  const named = (kind: string, limits: Readonly<Record<string, number>>) =>
    Object.entries(limits).map(([name, limit]) => [`${kind} ${name}`, limit] as const)
  return new Map([...named('workflow', workflows), ...named('group', groups)])
}

/** Any number that nobody else locks. */
const admissionLock = 7_040_112_019

/** How long nothing is admitted because of a process that was paused between two statements of it. */
const longestPauseMs = seconds(1)

/** Operations admitted in one transaction. */
const batch = 500

/**
 * Sends the first jobs of operations that wait for room in their lanes, whose requesters have fewest under way first.
 * @returns false when somebody else was at it, who may have counted before there was room: it has to be tried again
 */
export async function admit(sql: Sql, boss: PgBoss, lanes: ReadonlyMap<string, number>): Promise<boolean> {
  return sql.begin(async (tx) => {
    const waiting = tx`not admitted and ended_at is null and after_operation is null`
    // One at a time counts and admits: two would fill the same place. Nobody waits for one that is paused meanwhile.
    const [turn] = await tx<{ mine: boolean | null }[]>`
      select case when exists (select from operations where ${waiting}) then pg_try_advisory_xact_lock(${admissionLock}) end as mine,
        set_config('idle_in_transaction_session_timeout', ${`${longestPauseMs}`}, true)`
    if (!turn?.mine) return turn?.mine !== false
    const taken = await tx<{ lane: string; count: number }[]>`
      select lane, count(*)::integer as count from operations o, unnest(lanes) as lane
      where admitted and ended_at is null and lanes <> '{}' and state <> 'parked'
        -- A step that has ended since, in whatever way, is no suspect any more: recording it set its crashes to 0.
        and (lane <> ${quarantine} or exists (
          select from operation_steps s where s.operation_id = o.id and s.step = o.step and s.crashes > 0))
      group by lane`
    const room = new Map([...lanes, [quarantine, 1]])
    for (const { lane, count } of taken) room.set(lane, (room.get(lane) ?? Infinity) - count)
    const full = [...room].filter(([, places]) => places <= 0).map(([lane]) => lane)
    const candidates = await tx<{ id: string; lanes: string[] }[]>`
      select id, to_jsonb(lanes) as lanes from operations where ${waiting} and not lanes && ${full}::text[]
      order by rank, id limit ${batch} for update skip locked`
    const admitted = candidates.filter((operation) => {
      if (operation.lanes.some((lane) => (room.get(lane) ?? Infinity) <= 0)) return false
      for (const lane of operation.lanes) room.set(lane, (room.get(lane) ?? Infinity) - 1)
      return true
    })
    if (admitted.length === 0) return true
    await tx`update operations set admitted = true where id in ${tx(admitted.map(({ id }) => id))}`
    await requeue(tx, boss, admitted)
    return true
  })
}
