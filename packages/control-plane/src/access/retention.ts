import { hours, type Logger } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { idempotencyKeyValidMs } from './kept-answers.ts'

/** How long it can be told who did what. */
const auditMs = hours(24 * 365)

/** How long a key that nobody can use any more is listed. */
const deadKeyMs = hours(24 * 30)

/** How long an event can be sent to a webhook, also again. */
const deliveryMs = hours(24 * 7)

/** Rows forgotten in one statement: none locks much, or takes long. */
const batch = 1000

/** Keeps every table of this folder, and that of webhooks' events, bounded: now, and every hour until it is disposed of. */
export function forgetRegularly(sql: Sql, logger: Logger): AsyncDisposable {
  let disposed = false
  let forgetting = Promise.resolve()
  const forget = () => {
    forgetting = forgetOld(sql, () => disposed).catch((error: unknown) =>
      logger.warn({ err: error }, 'what is old is kept an hour longer'),
    )
  }
  forget()
  const timer = setInterval(forget, hours(1))
  return {
    async [Symbol.asyncDispose]() {
      disposed = true
      clearInterval(timer)
      await forgetting
    },
  }
}

async function forgetOld(sql: Sql, stopped: () => boolean): Promise<void> {
  const before = (ms: number) => sql`now() - ${ms} * interval '1 millisecond'`
  const kinds = [
    () => sql`
      delete from idempotency_keys where ctid in (
        select ctid from idempotency_keys where created_at < ${before(idempotencyKeyValidMs)} limit ${batch}) returning 1`,
    () => sql`
      delete from audit_log where ctid in (
        select ctid from audit_log where at < ${before(auditMs)} limit ${batch}) returning 1`,
    () => sql`
      delete from sessions where ctid in (
        select ctid from sessions where expires_at < now() limit ${batch}) returning 1`,
    () => sql`
      delete from api_keys where ctid in (
        select ctid from api_keys where least(revoked_at, expires_at) < ${before(deadKeyMs)} limit ${batch}) returning 1`,
    () => sql`
      delete from webhook_deliveries where ctid in (
        select ctid from webhook_deliveries where created_at < ${before(deliveryMs)} limit ${batch}) returning 1`,
  ]
  for (const forgetSome of kinds) while (!stopped() && (await forgetSome()).length === batch);
}
