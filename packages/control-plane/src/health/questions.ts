import { z } from 'zod'
import { TimedOut, within } from '../within.ts'
import type { MonitorConnection } from './monitor-connection.ts'

/** What a server says of itself. */
export interface Answer {
  readonly latencyMs: number
  readonly tls: boolean
  readonly inRecovery: boolean
  readonly readOnly: boolean
  readonly connections: number
  readonly maxConnections: number
  readonly oldestTransactionSeconds: number | null
}

/** What the server says is its owner's to say: it is kept only where it fits into what is kept of others, with whom it is written down. */
const count = z
  .int()
  .min(-1)
  .max(2 ** 31 - 1)

const AnswerRow = z.object({
  tls: z.boolean().nullable(),
  in_recovery: z.boolean(),
  read_only: z.boolean(),
  connections: count,
  max_connections: count,
  oldest: z.number().min(-1e9).max(1e9).nullable(),
})

const howItIs = `
  select (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls, pg_is_in_recovery() as in_recovery,
    current_setting('transaction_read_only') = 'on' as read_only,
    (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as connections,
    current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
      - coalesce(current_setting('reserved_connections', true)::integer, 0) as max_connections,
    (select extract(epoch from max(now() - xact_start))::real from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()) as oldest`

/** The connection is good for another question, or destroyed. */
export async function askHowItIs(connection: MonitorConnection, signal: AbortSignal): Promise<Answer> {
  const cut = () => connection.destroy()
  signal.addEventListener('abort', cut)
  const began = performance.now()
  try {
    if (signal.aborted) throw new TimedOut('no time left')
    const [row] = await connection.sql.unsafe(howItIs).simple()
    const latencyMs = performance.now() - began
    const said = AnswerRow.safeParse(row)
    if (!said.success) throw new Error('what it says of itself is not what PostgreSQL would say')
    const { tls, in_recovery, read_only, connections, max_connections, oldest } = said.data
    return {
      latencyMs,
      tls: tls ?? false,
      inRecovery: in_recovery,
      readOnly: read_only,
      connections,
      maxConnections: max_connections,
      oldestTransactionSeconds: oldest,
    }
  } catch (error) {
    connection.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

/** Nothing at all is no size. */
const SizeRow = z.object({ bytes: z.string().regex(/^\d+$/).transform(Number).pipe(z.int()) })

const howLargeItIs = 'select sum(pg_database_size(oid))::text as bytes from pg_database'

/**
 * The size of all its databases, for which the server looks at each of their files. Null where it does not know in time: then
 * the connection is destroyed.
 */
export async function askForItsSize(
  connection: MonitorConnection,
  timeoutMs: number,
): Promise<number | null> {
  try {
    const [row] = await within(timeoutMs, connection.sql.unsafe(howLargeItIs).simple())
    return SizeRow.parse(row).bytes
  } catch {
    connection.destroy()
    return null
  }
}
