import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  connect,
  createSealer,
  startControlPlane,
  type Probe,
  type RepairPolicy,
  type ControlPlaneOptions,
  type RunningControlPlane,
} from '@toygres/control-plane'
import { removeTree } from '@toygres/local-postgres'
import type { InstanceProvider } from '@toygres/providers'
import { createLocalProvider, stopAllInstances, type LocalProvider } from '@toygres/providers/local'
import { defaultProjectId, type Operation, type Principal } from '@toygres/schema'
import type { Reach } from '@toygres/workflow'
import postgres, { type Sql } from 'postgres'
import { expect } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../postgres/index.ts'
import { claimPorts } from './ports.ts'

export { gate, type Gate } from './gate.ts'

export const alice: Principal = {
  subject: 'alice',
  role: 'admin',
  projectId: defaultProjectId,
  system: true,
}

/** A control plane without its transport, on a database and a local provider of its own. */
export interface Domain extends AsyncDisposable {
  readonly plane: RunningControlPlane
  readonly provider: LocalProvider
  readonly sql: Sql
  readonly home: string
  readonly databaseUrl: string
  /** In hexadecimal, for a control plane in another process. */
  readonly sealingKey: string
  /** Everything that was logged so far. */
  logged(): string
  /** Once it is done. */
  ended(operationId: string, principal?: Principal): Promise<Operation>
  /** Made, and running. */
  created(name: string): Promise<string>
  /** What health checks log in with. */
  monitorPassword(instanceId: string): Promise<string>
  /** Lets everything run now that waits for its time. */
  hurry(): Promise<void>
  /** Starts another control plane on the same database, with these things different; the caller stops it. */
  beside(different: Partial<ControlPlaneOptions>): Promise<RunningControlPlane>
  /** Until this many connections to the database wait for a lock that somebody else has. */
  blocked(connections?: number): Promise<void>
  /** What a reboot does to instances. */
  stopServers(): Promise<void>
  /** Stops the control plane, does this, and starts another on the same database and home. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
}

export interface DomainOptions {
  readonly reach?: Reach
  readonly repair?: Partial<RepairPolicy>
  /** Asked instead of the instances. */
  readonly probe?: Probe
  /** Ports that instances may have. */
  readonly ports?: number
  /** Where webhooks may be sent. */
  readonly webhooks?: ControlPlaneOptions['webhooks']
  /** Instead of new ones. */
  readonly database?: Pick<TestDatabase, 'url' | 'drop'>
  readonly home?: string
  /** What the control plane sees in place of the provider: the same with a verb that fails, or waits. */
  readonly through?: (provider: LocalProvider) => InstanceProvider
}

export async function openDomain({
  reach,
  repair,
  probe,
  webhooks,
  ports = 50,
  through = (provider) => provider,
  ...given
}: DomainOptions = {}): Promise<Domain> {
  const database = given.database ?? (await createTestDatabase())
  const sql = connect(database.url, { max: 2, applicationName: 'test' })
  const home = given.home ?? (await mkdtemp(join(tmpdir(), 'toygres-domain-')))
  const sealingKey = randomBytes(32)
  await using claims = new AsyncDisposableStack()
  const claimed = claims.use(await claimPorts(ports))
  const provider = createLocalProvider({ home, portRange: claimed.range })
  const log: string[] = []
  const write = (...said: unknown[]) => void log.push(JSON.stringify(said, errorsToo))
  const logger = { info: write, warn: write, error: write }
  const start = (different: Partial<ControlPlaneOptions> = {}) =>
    startControlPlane({
      databaseUrl: database.url,
      embedded: false,
      provider: through(provider),
      sealingKey,
      version: 'test',
      logger,
      ...(reach && { reach }),
      ...(repair && { repair }),
      ...(probe && { probe }),
      ...(webhooks && { webhooks }),
      ...different,
    })
  let plane = await start()
  const ended = async (operationId: string, principal = alice) => {
    // No bound of its own: that is the test's.
    const { signal } = new AbortController()
    for await (const _ of plane.operations.watch(principal, operationId, { afterSeq: 0, signal }));
    return plane.operations.get(principal, operationId)
  }
  const toRelease = claims.move()
  return {
    get plane() {
      return plane
    },
    provider,
    sql,
    home,
    databaseUrl: database.url,
    sealingKey: sealingKey.toString('hex'),
    logged: () => log.join('\n'),
    ended,
    async created(name) {
      const { instance, operation } = await plane.instances.create(alice, { name, version: '18' })
      const { state, error } = await ended(operation.id)
      if (state !== 'succeeded') throw new Error(`creating ${name} has ${state}: ${error?.message}`)
      return instance.id
    },
    async monitorPassword(instanceId) {
      const [row] = await sql<{ sealed: Buffer }[]>`
        select sealed_monitor_password as sealed from instance_credentials where instance_id = ${instanceId}`
      if (row === undefined) throw new Error(`${instanceId} has no monitor`)
      return createSealer(sealingKey).open(row.sealed, `${instanceId}/monitor`)
    },
    beside: start,
    async blocked(connections = 1) {
      await expect
        .poll(async () => {
          const waiting = await sql`
            select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
          return waiting.length
        })
        .toBeGreaterThanOrEqual(connections)
    },
    async hurry() {
      await sql`update pgboss.job set start_after = now() where state < 'active'`
      await sql`select pg_notify('toygres_operations', '{"work":true}')`
    },
    async stopServers() {
      await stopAllInstances(home)
    },
    async restart(meanwhile = async () => {}) {
      await plane.stop(5000)
      await meanwhile()
      plane = await start()
      await plane.restored
    },
    async [Symbol.asyncDispose]() {
      await plane.stop(5000)
      await provider[Symbol.asyncDispose]()
      await stopAllInstances(home)
      await sql.end()
      await Promise.all([database.drop(), removeTree(home), toRelease.disposeAsync()])
    },
  }
}

const errorsToo = (_: string, value: unknown): unknown =>
  value instanceof Error
    ? { ...Object.fromEntries(Object.entries(value)), message: value.message, stack: value.stack }
    : value

/** Everything that it yields. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const seen: Item[] = []
  for await (const item of items) seen.push(item)
  return seen
}

/** What a statement answers on a connection of its own. */
export async function ask(url: string, statement: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} })
  try {
    return [...(await sql.unsafe(statement))]
  } finally {
    await sql.end({ timeout: 1 })
  }
}
