import type { Address, DiskUsage, InstanceProvider } from '@toygres/providers'
import { z } from 'zod'
import type { Credentials } from '../instances/credentials.ts'
import type { KeptConnections } from './kept-connections.ts'
import { openMonitorConnection, type MonitorConnection } from './monitor-connection.ts'
import { ensureMonitorRole } from './monitor-role.ts'
import { CheckTimeout, failureOf, type Failure } from './reasons.ts'

/** What a check is made of. */
export interface Target {
  readonly instanceId: string
  readonly name: string
  readonly address: Address
  readonly sealedMonitorPassword: Uint8Array | null
  /** Sizes are due, too: they cost more than all the rest. */
  readonly measure: boolean
}

/** What a server says of itself. */
export interface Answer {
  readonly latencyMs: number
  readonly tls: boolean
  readonly inRecovery: boolean
  readonly readOnly: boolean
  readonly connections: number
  readonly maxConnections: number
  readonly oldestTransactionSeconds: number | null
  /** Null where it was not measured. */
  readonly databaseBytes: number | null
}

/** How a check ended. A failed one is a result like another: it never throws. */
export interface ProbeResult {
  readonly failure: Failure | null
  readonly answer: Answer | null
  readonly disk: DiskUsage | null
}

export type Probe = (target: Target) => Promise<ProbeResult>

/** For connection, login and questions together. Well below the shortest interval, and the time after which a check counts as lost. */
export const probeTimeoutMs = 4000

/** So that what comes before and after it still fits into the check. */
const restoreTimeoutMs = 2000

/** PostgreSQL stops, and cannot even say why, some way before the last byte. */
const fullBelowBytes = 16 * 1024 * 1024

export interface ProberOptions {
  readonly provider: InstanceProvider
  readonly credentials: Credentials
  readonly kept: KeptConnections
}

/** Asks an instance how it is, as a user would find out: connect, log in, ask. */
export function proberOf({ provider, credentials, kept }: ProberOptions): Probe {
  async function restoreMonitor({ instanceId, address }: Target, signal: AbortSignal): Promise<string> {
    const monitor = await credentials.monitorPassword(instanceId)
    const superuser = await credentials.reveal(instanceId)
    await ensureMonitorRole(address, { superuser, monitor }, signal)
    return monitor
  }

  async function logInAndAsk(target: Target, password: string, signal: AbortSignal): Promise<Answer> {
    const { instanceId, address, measure } = target
    const began = performance.now()
    const connection = await openMonitorConnection({ ...address, password }, signal)
    const answer = await questioned(connection, measure, signal)
    kept.keep(instanceId, keyOf(address), connection)
    return { ...answer, latencyMs: performance.now() - began }
  }

  async function askAfresh(target: Target, signal: AbortSignal): Promise<Answer> {
    const { instanceId, sealedMonitorPassword: sealed } = target
    // An instance of a Toygres that had no monitors yet has none.
    if (sealed === null) return logInAndAsk(target, await restoreMonitor(target, signal), signal)
    const password = credentials.openMonitorPassword(instanceId, sealed)
    return logInAndAsk(target, password, signal).catch(async (refused: unknown) => {
      if (failureOf(refused).reason !== 'auth') throw refused
      // Somebody dropped or changed the role: as the superuser it is put back.
      const restored = await within(restoreTimeoutMs, restoreMonitor(target, signal)).catch(() => null)
      // Its own password does not help either, or not in time: what was said first is the truth.
      if (restored === null) throw refused
      return logInAndAsk(target, restored, signal)
    })
  }

  async function ask(target: Target, signal: AbortSignal): Promise<Answer> {
    const key = keyOf(target.address)
    const known = kept.take(target.instanceId, key)
    if (known === null) return askAfresh(target, signal)
    // That it was cut since the last check proves nothing: the server may be back already.
    const answer = await questioned(known, target.measure, signal).catch(() => null)
    if (answer === null) return askAfresh(target, signal)
    kept.keep(target.instanceId, key, known)
    return answer
  }

  async function diskOf({ instanceId, name }: Target): Promise<DiskUsage | null> {
    return (await provider.disk?.({ id: instanceId, name }).catch(() => null)) ?? null
  }

  return async (target) => {
    const deadline = new AbortController()
    try {
      const asked = Promise.all([ask(target, deadline.signal), diskOf(target)])
      const [answer, disk] = await within(probeTimeoutMs, asked)
      return { answer, disk, failure: hiddenFailure(answer, disk) }
    } catch (error) {
      return { answer: null, disk: null, failure: failureOf(error) }
    } finally {
      // Cuts off whatever still waits; does nothing to a check that has ended.
      deadline.abort()
    }
  }
}

/** @throws {CheckTimeout} */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CheckTimeout(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a user meets although the monitor was answered. */
function hiddenFailure({ connections, maxConnections }: Answer, disk: DiskUsage | null): Failure | null {
  if (connections >= maxConnections)
    return {
      reason: 'too-many-connections',
      detail: `all ${maxConnections} connections that users may have are in use`,
    }
  if (disk !== null && disk.freeBytes < fullBelowBytes)
    return { reason: 'disk-full', detail: 'the disk under its data is full' }
  return null
}

const keyOf = ({ host, port }: Address): string => `${host}:${port}`

const Row = z.object({
  tls: z.boolean().nullable(),
  in_recovery: z.boolean(),
  read_only: z.boolean(),
  connections: z.int(),
  max_connections: z.int(),
  oldest: z.number().nullable(),
  bytes: z.string().nullable(),
})

const question = (bytes: string) => `
  select (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls, pg_is_in_recovery() as in_recovery,
    current_setting('transaction_read_only') = 'on' as read_only,
    (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as connections,
    current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
      - coalesce(current_setting('reserved_connections', true)::integer, 0) as max_connections,
    (select extract(epoch from max(now() - xact_start))::real from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()) as oldest,
    ${bytes} as bytes`
const quick = question('null::text')
const thorough = question('(select sum(pg_database_size(oid))::text from pg_database)')

/** The connection is good for another question, or destroyed. */
async function questioned(
  connection: MonitorConnection,
  measure: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  const cut = () => connection.destroy()
  signal.addEventListener('abort', cut)
  const began = performance.now()
  try {
    if (signal.aborted) throw new CheckTimeout('no time left')
    const [row] = await connection.sql.unsafe(measure ? thorough : quick).simple()
    const latencyMs = performance.now() - began
    const { tls, in_recovery, read_only, connections, max_connections, oldest, bytes } = Row.parse(row)
    return {
      latencyMs,
      tls: tls ?? false,
      inRecovery: in_recovery,
      readOnly: read_only,
      connections,
      maxConnections: max_connections,
      oldestTransactionSeconds: oldest,
      databaseBytes: bytes === null ? null : Number(bytes),
    }
  } catch (error) {
    connection.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', cut)
  }
}
