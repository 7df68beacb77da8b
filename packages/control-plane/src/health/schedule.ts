import { newId } from '@toygres/workflow'
import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { checkAfterPauseAt } from './next-check.ts'
import { dropChecks, healthChannel, sendChecks } from './queue.ts'

/**
 * Starts and stops the health checks of an instance, in the CALLER's transaction. Everybody who touches the checks of an instance
 * writes its row of `instance_health` first, its row of `instances` after that: in this order nobody waits for each other.
 */
export class HealthSchedule {
  readonly #boss: PgBoss

  constructor(boss: PgBoss) {
    this.#boss = boss
  }

  /** The first check is due at once; where the instance is checked already, the next one is. */
  async start(tx: TransactionSql, instanceId: string): Promise<void> {
    await tx`insert into instance_health (instance_id) values (${instanceId}) on conflict do nothing`
    await this.checkNow(tx, instanceId)
  }

  /** Until the transaction ends, nobody else touches its checks. False where it is not checked. */
  async lock(tx: TransactionSql, instanceId: string): Promise<boolean> {
    const checked = await tx`select from instance_health where instance_id = ${instanceId} for update`
    return checked.length > 0
  }

  /** Brings the next check forward. A check that runs meanwhile is not recorded. Does nothing for an instance that is not checked. */
  async checkNow(tx: TransactionSql, instanceId: string): Promise<void> {
    if (!(await this.lock(tx, instanceId))) return
    const jobId = newId()
    await dropChecks(this.#boss, tx, [instanceId])
    await sendChecks(this.#boss, tx, [{ id: jobId, instanceId, dueAt: 'now' }])
    await tx`update instances set health_check_job_id = ${jobId} where id = ${instanceId}`
    await tx`select pg_notify(${healthChannel}, '')`
  }

  /**
   * No check is pending, and one that runs now is not recorded and has no successor.
   * @param because what its history says of that; nothing where the instance is on its way out
   */
  async stop(tx: TransactionSql, instanceId: string, because?: 'stopped'): Promise<void> {
    // Waits for a check that is just being recorded; the next statement sees the successor that it sent.
    await tx`delete from instance_health where instance_id = ${instanceId}`
    await dropChecks(this.#boss, tx, [instanceId])
    if (because !== undefined)
      await tx`
        insert into health_events (id, instance_id, status, reason)
        select ${newId()}, id, 'unknown', ${because} from instances where id = ${instanceId} and health_status <> 'unknown'`
    await tx`update instances set health_check_job_id = null, health_status = 'unknown' where id = ${instanceId}`
  }

  /**
   * Its server was stopped on purpose, and is started again: what was known of it is over. Whoever starts it has it checked then;
   * where that takes too long, the next check tells.
   */
  async pause(tx: TransactionSql, instanceId: string): Promise<void> {
    await this.stop(tx, instanceId, 'stopped')
    const jobId = newId()
    const [paused] = await tx<{ now: Date; intervalMs: number }[]>`
      update instances set health_check_job_id = ${jobId} where id = ${instanceId}
      returning now(), health_check_interval_s * 1000 as "intervalMs"`
    if (paused === undefined) return
    await tx`insert into instance_health (instance_id, reason) values (${instanceId}, 'stopped')`
    await sendChecks(this.#boss, tx, [{ id: jobId, instanceId, dueAt: checkAfterPauseAt(paused) }])
  }

  /** @param intervalSeconds from 5 to 3600; counts from the next check on, which is due at once */
  async configure(tx: TransactionSql, instanceId: string, intervalSeconds: number): Promise<void> {
    await this.checkNow(tx, instanceId)
    await tx`update instances set health_check_interval_s = ${intervalSeconds}, updated_at = now() where id = ${instanceId}`
  }
}
