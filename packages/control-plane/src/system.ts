import { ProviderError, type InstanceProvider } from '@toygres/providers'
import { SystemStatus, type SystemHealth } from '@toygres/schema'
import { stepQueue } from '@toygres/workflow'
import type { Sql } from 'postgres'
import type { System } from './control-plane.ts'
import { withoutPassword } from './database/without-password.ts'
import type { Pulse } from './pulse.ts'
import { readActivity } from './system-activity.ts'

export interface SystemOptions {
  readonly sql: Sql
  readonly pulse: Pulse
  /** When the control plane began. */
  readonly startedAt: Date
  readonly provider: InstanceProvider
  readonly version: string
  readonly databaseUrl: string
  /** The control plane runs the metadata database itself. */
  readonly embedded: boolean
}

/** Milliseconds for which the place where instances live is asked, before it is said not to answer. */
const patienceMs = 2000

export function systemOf({
  sql,
  pulse,
  startedAt,
  provider,
  version,
  databaseUrl,
  embedded,
}: SystemOptions): System {
  async function health(): Promise<SystemHealth> {
    return { status: (await pulse.answers()) ? 'ok' : 'unavailable', version }
  }

  const readStatus = () => sql`
    select current_setting('server_version') as database, pg_database_size(current_database())::float8 as size,
      (select version from pgboss.version) as queue_schema,
      (select name from toygres_migrations order by version desc limit 1) as migration,
      (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*) as n from instances group by state) s) as instances,
      (select jsonb_build_object(
          'ready', count(*) filter (where state < 'active' and start_after <= now()),
          'deferred', count(*) filter (where state < 'active' and start_after > now()),
          'active', count(*) filter (where state = 'active'))
        from pgboss.job where name = ${stepQueue} and state < 'completed') as queue`

  async function status(): Promise<SystemStatus> {
    const [[row], error] = await Promise.all([readStatus(), providerError(provider)])
    return SystemStatus.parse({
      pid: process.pid,
      startedAt,
      provider: provider.name,
      providerError: error,
      versions: {
        toygres: version,
        node: process.version,
        database: row?.['database'],
        queueSchema: row?.['queue_schema'],
        migration: row?.['migration'],
      },
      database: { url: withoutPassword(databaseUrl), embedded, sizeBytes: row?.['size'] },
      queue: row?.['queue'],
      instances: row?.['instances'],
    })
  }

  return { health, status, activity: () => readActivity(sql) }
}

async function providerError(provider: InstanceProvider): Promise<SystemStatus['providerError']> {
  try {
    await provider.check?.({ patienceMs, signal: AbortSignal.timeout(2 * patienceMs) })
    return null
  } catch (error) {
    if (error instanceof ProviderError) return { code: error.code, message: error.message }
    if (error instanceof DOMException && error.name === 'TimeoutError')
      return {
        code: 'CLUSTER_UNAVAILABLE',
        message: `nothing was answered within ${(2 * patienceMs) / 1000} s`,
      }
    throw error
  }
}
