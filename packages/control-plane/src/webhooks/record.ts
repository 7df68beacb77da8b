import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { afterAttempt, pauseMs, type Verdict } from './after-attempt.ts'
import { endLane, sendLanes, type Lane } from './queue.ts'
import type { Claim } from './turn.ts'

/** How an attempt ended. */
export interface Outcome {
  /** Null where nothing was answered. */
  readonly status: number | null
  /** Why nothing was. */
  readonly error: string | null
}

/**
 * Writes down how an attempt ended, and sends the job for the next one, in one transaction. Does nothing where the job was
 * taken from us: then somebody else sends the event again.
 */
export async function recordAttempt(sql: Sql, boss: PgBoss, claim: Claim, outcome: Outcome): Promise<void> {
  await sql.begin(async (tx) => {
    if (!(await endLane(boss, tx, claim.job))) return
    const state = await lockState(tx, claim)
    // The webhook was deleted, and its events with it.
    if (state === null) return
    const verdict = afterAttempt({ ...state, status: outcome.status }, Math.random())
    await tx`
      update webhook_deliveries
      set state = ${verdict.state}, attempts = ${state.attempts}, attempted_at = now(), status = ${outcome.status}, error = ${outcome.error}
      where id = ${claim.deliveryId}`
    await recordHealth(tx, claim.lane, verdict, state.failures)
    await sendNext(tx, boss, claim.lane, verdict)
  })
}

/** Lets go of an event that was not sent to the end: whoever comes next sends it. */
export async function releaseClaim(sql: Sql, boss: PgBoss, { job }: Claim): Promise<void> {
  await sql.begin(async (tx) => {
    await endLane(boss, tx, job)
  })
}

interface DeliveryState {
  readonly attempts: number
  readonly failingForMs: number | null
  /** Of its webhook, in a row, before this attempt. */
  readonly failures: number
}

/** The webhook before its event, as its deletion locks them. */
async function lockState(tx: TransactionSql, { lane, deliveryId }: Claim): Promise<DeliveryState | null> {
  const [webhook] = await tx<Omit<DeliveryState, 'attempts'>[]>`
    select (extract(epoch from now() - failing_since) * 1000)::float8 as "failingForMs", failures
    from webhooks where id = ${lane.webhookId} for no key update`
  const [delivery] = await tx<Pick<DeliveryState, 'attempts'>[]>`
    select attempts + 1 as attempts from webhook_deliveries where id = ${deliveryId} for no key update`
  return webhook && delivery ? { ...webhook, ...delivery } : null
}

async function recordHealth(
  tx: TransactionSql,
  { webhookId }: Lane,
  verdict: Verdict,
  failuresBefore: number,
): Promise<void> {
  if (verdict.state === 'delivered') {
    await tx`update webhooks set failing_since = null, failures = 0, paused_until = null where id = ${webhookId}`
    return
  }
  const [failures, reason] = [failuresBefore + 1, verdict.disable ?? null]
  await tx`
    update webhooks set
      failing_since = coalesce(failing_since, now()), failures = ${failures},
      paused_until = now() + ${pauseMs(failures)} * interval '1 millisecond',
      disabled_at = case when ${reason !== null} then coalesce(disabled_at, now()) else disabled_at end,
      disabled_reason = coalesce(disabled_reason, ${reason})
    where id = ${webhookId}`
}

async function sendNext(tx: TransactionSql, boss: PgBoss, lane: Lane, verdict: Verdict): Promise<void> {
  if (verdict.state === 'pending')
    return sendLanes(boss, tx, [{ ...lane, delayMs: verdict.retryAfterMs, failing: true }])
  const more = await tx`
    select from webhook_deliveries
    where webhook_id = ${lane.webhookId} and resource_id = ${lane.resourceId} and state = 'pending' limit 1`
  if (more.length > 0) await sendLanes(boss, tx, [{ ...lane, failing: verdict.state === 'failed' }])
}
