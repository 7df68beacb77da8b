import type { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { admit } from './admission.ts'
import type { Reach } from './crash-points.ts'
import { seconds } from '../definition/duration.ts'
import { recover, renewalMs, resendMissing } from './lease.ts'
import type { Logger } from '../logger.ts'
import { repeat } from '../repeat.ts'
import { terminateStalledSessions } from '../stalled-sessions.ts'
import { forgetOld } from '../history/retention.ts'
import { refreshStatistics } from '../history/statistics.ts'

export interface HousekeepingOptions {
  readonly sql: Sql
  readonly boss: PgBoss
  readonly lanes: ReadonlyMap<string, number>
  /** Milliseconds that an operation is kept after it has ended. */
  readonly retentionMs: number
  readonly logger: Logger
  readonly reach: Reach
  /** This process's own workers. */
  readonly living: () => readonly string[]
  readonly renewLeases: () => Promise<void>
  readonly hearOfCancellations: () => Promise<void>
}

/** What each process does for all of them, from its start and all the time: whoever comes first does it. @returns what ends it */
export function keepHouse(options: HousekeepingOptions): () => Promise<void> {
  const { sql, boss, lanes, retentionMs, logger, reach, living } = options
  const every = (ms: number, what: string, task: () => Promise<unknown>) => repeat({ ms, what, logger }, task)
  const ends = [
    // By itself: what the others wait for, such as a lock on operations, must not cost this process its leases.
    every(renewalMs, 'renewing leases', options.renewLeases),
    every(renewalMs, 'hearing of cancellations', options.hearOfCancellations),
    // A process that was paused, and that nobody took over from, must not take over from itself.
    every(renewalMs, 'taking over from the dead', () => recover(sql, boss, living(), reach)),
    // What is suspected of killing its worker waits for room, also where there are no limits.
    every(renewalMs, 'admitting operations', () => admit(sql, boss, lanes)),
    every(seconds(3), 'terminating stalled sessions', () => terminateStalledSessions(sql)),
    every(seconds(30), 'sending lost jobs again', () => resendMissing(sql, boss)),
    every(seconds(2), 'refreshing statistics', () => refreshStatistics(sql)),
    every(seconds(60), 'forgetting old operations', () => forgetOld(sql, retentionMs)),
  ]
  return async () => void (await Promise.all(ends.map((end) => end())))
}
