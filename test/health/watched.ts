import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Address } from '@toygres/providers'
import type { Health, HealthEvent } from '@toygres/schema'
import postgres, { type Sql } from 'postgres'
import { onTestFinished } from 'vitest'
import { alice, openDomain, type Domain, type DomainOptions } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

/** A running instance whose checks a test makes due when it wants. */
export interface Watched extends AsyncDisposable {
  readonly domain: Domain
  readonly id: string
  readonly connectionString: string
  readonly port: number
  health(): Promise<Health>
  lastEvent(): Promise<HealthEvent | undefined>
  /** Makes checks until this is so. */
  untilHurried(condition: () => Promise<boolean>): Promise<void>
  becomes(status: Health['status']): Promise<void>
  /** No operation is under way on it. */
  isIdle(): Promise<void>
  /** Sends its checks to another place, as if it lived there. */
  redirectTo(port: number, host?: string): Promise<void>
  /** A session from before whatever happens to logins. */
  superuser(): Promise<Sql>
  /** Ends the sessions of its monitor, and waits for their end, so that the next check logs in anew. */
  cutMonitor(superuser: Sql): Promise<void>
  /** How many checks in a row ended like the last event's, up to that event. */
  checksThatDecided(): Promise<number>
}

export async function openWatched(options: DomainOptions = {}): Promise<Watched> {
  let redirected: { readonly id: string; readonly address: Address } | null = null
  const { through = (provider) => provider } = options
  const domain = await openDomain({
    // That its files are not what they were is only reported: tests change them.
    repair: { changedSpec: 'report' },
    ...options,
    through: (local) => {
      const provider = through(local)
      return {
        ...provider,
        async observe(instance, callOptions) {
          const seen = await provider.observe(instance, callOptions)
          if (seen.phase !== 'ready' || redirected?.id !== instance.id) return seen
          return { ...seen, address: redirected.address }
        },
      }
    },
  })
  const id = await domain.created('orders')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 5 })
  const health = () => domain.plane.health.get(alice, id)

  /** Makes the next check due: its place in time is not what these tests are about. */
  async function hurry(): Promise<void> {
    await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state = 'created'`
    await domain.sql`select pg_notify('toygres_health', '')`
  }
  const untilHurried = (condition: () => Promise<boolean>) =>
    until(async () => {
      await hurry()
      return condition()
    })

  await untilHurried(async () => (await health()).status === 'healthy')
  return {
    domain,
    id,
    connectionString,
    port: Number(new URL(connectionString).port),
    health,
    untilHurried,
    lastEvent: async () => (await domain.plane.health.events(alice, { id, limit: 1 })).items[0],
    becomes: (status) => untilHurried(async () => (await health()).status === status),
    isIdle: () => until(async () => (await domain.plane.instances.get(alice, id)).activeOperationId === null),
    async redirectTo(port, host = '127.0.0.1') {
      redirected = { id, address: { host, port } }
      await domain.sql`update instances set host = ${host}, port = ${port} where id = ${id}`
    },
    async superuser() {
      const sql = postgres(connectionString, { max: 1, fetch_types: false, onnotice: () => {} })
      onTestFinished(() => sql.end({ timeout: 1 }))
      await sql`select 1`
      return sql
    },
    async cutMonitor(superuser) {
      await superuser`
        select pg_terminate_backend(pid, timeout => 60000) from pg_stat_activity where usename = 'toygres_monitor'`
    },
    async checksThatDecided() {
      const [row] = await domain.sql<{ checks: number }[]>`
        with decided as (
          select at, status = 'healthy' as well from health_events where instance_id = ${id} order by id desc limit 1
        )
        select count(*)::integer as checks from health_samples s, decided d
        where s.instance_id = ${id} and s.at <= d.at and not exists (
          select from health_samples o where o.instance_id = ${id} and o.at between s.at and d.at
            and (o.reason is null) <> d.well)`
      return row?.checks ?? 0
    },
    [Symbol.asyncDispose]: () => domain[Symbol.asyncDispose](),
  }
}

/** Accepts connections and does this with each. */
export async function listener(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
