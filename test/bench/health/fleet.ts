import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createSealer, migrate } from '@toygres/control-plane'
import { removeTree } from '@toygres/local-postgres'
import { newId } from '@toygres/workflow'
import type { Sql } from 'postgres'
import type { Targets } from './targets.ts'

export interface SeedOptions {
  readonly databaseUrl: string
  readonly targets: Targets
  readonly size: number
  /** How many of them hang. */
  readonly hanging: number
  readonly intervalSeconds: number
  /** Their addresses are names, which have to be resolved; else numbers, one for each. */
  readonly named: boolean
}

export interface SeededFleet extends AsyncDisposable {
  readonly databaseUrl: string
  readonly home: string
  readonly sealingKey: string
  readonly sql: Sql
  /** So many more of them hang from now on. */
  beginToHang(instances: number): Promise<void>
  /** Every check, now. */
  makeAllDue(): Promise<void>
  /** How the last checks ended. */
  reasons(): Promise<string>
  /** Running instances that have another number of live checks than one. */
  wrong(): Promise<number>
}

/** Running instances of a provider that the control plane does not run, so that it only checks them. */
export async function seedFleet(options: SeedOptions): Promise<SeededFleet> {
  const { databaseUrl, targets, size, hanging, intervalSeconds, named } = options
  await migrate(databaseUrl)
  const sql = connect(databaseUrl, { max: 2, applicationName: 'bench' })
  const sealingKey = randomBytes(32)
  const sealer = createSealer(sealingKey)
  const rows = Array.from({ length: size }, (_, n) => {
    const id = newId()
    return {
      id,
      name: `target-${n}`,
      host: named ? 'localhost' : `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`,
      port: n < hanging ? targets.hangingPort : targets.port,
      sealed: sealer.seal('of-nobody', id).toString('hex'),
      monitor: sealer.seal(targets.monitorPassword, `${id}/monitor`).toString('hex'),
    }
  })
  for (let from = 0; from < rows.length; from += 1000) {
    const some = sql.json(rows.slice(from, from + 1000))
    await sql`
      insert into instances (id, name, state, version, provider, host, port, health_check_interval_s)
      select id, name, 'running', '18', 'kubernetes', host, port, ${intervalSeconds}
      from jsonb_to_recordset(${some}) as r (id uuid, name text, host text, port integer)`
    await sql`
      insert into instance_credentials (instance_id, sealed_password, sealed_monitor_password)
      select id, decode(sealed, 'hex'), decode(monitor, 'hex')
      from jsonb_to_recordset(${some}) as r (id uuid, sealed text, monitor text)`
  }
  await sql`analyze`
  const home = await mkdtemp(join(tmpdir(), 'toygres-bench-'))
  return {
    databaseUrl,
    home,
    sealingKey: sealingKey.toString('hex'),
    sql,
    async beginToHang(instances) {
      await sql`update instances set port = ${targets.hangingPort}
        where id in (select id from instances where port = ${targets.port} order by id limit ${instances})`
    },
    async makeAllDue() {
      await sql`update pgboss.job set start_after = now() where name = 'health-checks' and state < 'active'`
      await sql`select pg_notify('toygres_health', '')`
    },
    async reasons() {
      const rows = await sql<{ reason: string; n: number }[]>`
        select coalesce(reason || ' (' || detail || ')', 'none') as reason, count(*)::integer as n
        from instance_health group by 1 order by 2 desc limit 5`
      return rows.map(({ reason, n }) => `${n} ${reason}`).join(', ')
    },
    async wrong() {
      const [row] = await sql<{ n: number }[]>`
        select count(*)::integer as n from (
          select from instances i left join pgboss.job j
            on j.name = 'health-checks' and j.singleton_key = i.id::text and j.state <= 'active'
          group by i.id having count(j.id) <> 1) t`
      return row?.n ?? -1
    },
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 })
      await removeTree(home)
    },
  }
}

/** Bytes of each table that health checks write, its indexes and partitions included. */
export async function tableSizes(sql: Sql): Promise<Record<string, number>> {
  const rows = await sql<{ name: string; bytes: number }[]>`
    select name, sum(pg_total_relation_size(oid))::float8 as bytes from (
      select c.oid, coalesce(parent.relname,
        case when n.nspname = 'pgboss' then 'the health queue' else c.relname end) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_inherits h on h.inhrelid = c.oid and n.nspname = 'public'
      left join pg_class parent on parent.oid = h.inhparent
      where c.relkind = 'r' and (n.nspname = 'public' and (c.relname like 'health%' or c.relname like 'instance%')
        or n.nspname = 'pgboss' and c.relname = (select table_name from pgboss.queue where name = 'health-checks'))
    ) t group by name order by name`
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}
