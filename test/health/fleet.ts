import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createSealer, migrate } from '@toygres/control-plane'
import { removeTree } from '@toygres/local-postgres'
import { newId } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { createTestDatabase } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'

/** Instances that metadata says are running, mostly at an address where nobody listens: enough for what is about scheduling. */
export interface Fleet extends AsyncDisposable {
  readonly databaseUrl: string
  readonly home: string
  readonly sealingKey: string
  readonly sql: Sql
  /** Each running instance with its live checks, for those that have other than exactly one that their row names. */
  wrong(): Promise<{ id: string; jobs: number }[]>
  /** Checks recorded so far. */
  samples(): Promise<number>
  /** The same by instance, from the first to the last. */
  samplesOfEach(): Promise<number[]>
  /**
   * Waits until every instance has exactly one check that is pending, or under way since then. Answers the seconds from then to
   * when the last of them was made, by the clock of the database.
   */
  secondsToReplace(lostAt: Date): Promise<number>
  now(): Promise<Date>
}

export interface FleetOptions {
  readonly size: number
  readonly intervalSeconds?: number
  /** A database server of its own, which the test may restart. */
  readonly databaseUrl?: string
  /** Of the nth instance; nobody listens at 1. */
  readonly portOf?: (n: number) => number
}

export async function openFleet({
  size,
  intervalSeconds = 5,
  databaseUrl,
  portOf = () => 1,
}: FleetOptions): Promise<Fleet> {
  const database =
    databaseUrl === undefined ? await createTestDatabase() : { url: databaseUrl, drop: async () => {} }
  if (databaseUrl !== undefined) await migrate(databaseUrl)
  const sql = connect(database.url, { max: 2, applicationName: 'test' })
  const home = await mkdtemp(join(tmpdir(), 'toygres-fleet-'))
  const sealingKey = randomBytes(32)
  const sealer = createSealer(sealingKey)
  const rows = Array.from({ length: size }, (_, n) => {
    const id = newId()
    const sealed = (purpose: string) => sealer.seal('of-nobody', purpose).toString('hex')
    return {
      id,
      name: `fleet-${n}`,
      port: portOf(n),
      superuser: sealed(id),
      monitor: sealed(`${id}/monitor`),
    }
  })
  await sql`
    insert into instances (id, name, state, version, provider, host, port, health_check_interval_s)
    select id, name, 'running', '18', 'kubernetes', '127.0.0.1', port, ${intervalSeconds}
    from jsonb_to_recordset(${sql.json(rows)}) as r (id uuid, name text, port integer)`
  await sql`
    insert into instance_credentials (instance_id, sealed_password, sealed_monitor_password)
    select id, decode(superuser, 'hex'), decode(monitor, 'hex')
    from jsonb_to_recordset(${sql.json(rows)}) as r (id uuid, superuser text, monitor text)`
  const wrong = () => sql<{ id: string; jobs: number }[]>`
        select i.id, count(j.id)::integer as jobs
        from instances i left join pgboss.job j on j.name = 'health-checks' and j.singleton_key = i.id::text
          and j.state <= 'active' and j.id = i.health_check_job_id
          and not (j.state = 'active' and j.started_on < now() - i.health_check_interval_s * interval '1 second')
        where i.state = 'running' group by i.id
        having count(j.id) <> 1 or (select count(*) from pgboss.job a
          where a.name = 'health-checks' and a.singleton_key = i.id::text and a.state <= 'active') <> 1`
  return {
    databaseUrl: database.url,
    home,
    sql,
    sealingKey: sealingKey.toString('hex'),
    async now() {
      const [row] = await sql<{ now: Date }[]>`select now()`
      return row?.now ?? new Date()
    },
    wrong,
    async samples() {
      const [row] = await sql<{ n: number }[]>`select count(*)::integer as n from health_samples`
      return row?.n ?? 0
    },
    async samplesOfEach() {
      const rows = await sql<{ n: number }[]>`
        select count(s.at)::integer as n from instances i left join health_samples s on s.instance_id = i.id
        group by i.id order by substring(i.name from 'fleet-(.*)')::integer`
      return rows.map(({ n }) => n)
    },
    async secondsToReplace(lostAt) {
      let seconds = Number.NaN
      await until(async () => {
        const [row] = await sql<{ n: number; seconds: number }[]>`
          select count(*)::integer as n, extract(epoch from max(j.created_on) - ${lostAt}::timestamptz)::float8 as seconds
          from instances i join pgboss.job j on j.name = 'health-checks' and j.singleton_key = i.id::text
            and j.id = i.health_check_job_id
          where j.start_after <= now() + i.health_check_interval_s * interval '1 second'
            and (j.state < 'active' or j.state = 'active' and j.started_on > ${lostAt}::timestamptz)`
        seconds = row?.seconds ?? Number.NaN
        return row?.n === size && (await wrong()).length === 0
      })
      return seconds
    },
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 })
      await Promise.all([database.drop(), removeTree(home)])
    },
  }
}
