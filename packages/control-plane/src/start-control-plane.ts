import type { InstanceProvider } from '@toygres/providers'
import { Engine, hours, type Logger, type Reach } from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import { authenticate } from './access/api-keys.ts'
import { forgetOldKeys } from './access/idempotency.ts'
import type { ControlPlane } from './control-plane.ts'
import { connect } from './database/connect.ts'
import type { HealthReach } from './health/crash-points.ts'
import { healthOf } from './health/health.ts'
import { KeptConnections } from './health/kept-connections.ts'
import { HealthMonitor } from './health/monitor.ts'
import { proberOf, type Probe } from './health/probe.ts'
import { HealthSchedule } from './health/schedule.ts'
import { Credentials } from './instances/credentials.ts'
import { instancesOf } from './instances/instances.ts'
import { operationsOf } from './operations/operations.ts'
import { driftOf } from './reconcile/drift.ts'
import { Reconciler } from './reconcile/reconciler.ts'
import { defaultRepairPolicy, type RepairPolicy } from './reconcile/repair-policy.ts'
import { createSealer } from './sealing.ts'
import { systemOf } from './system.ts'
import { createInstance } from './workflows/create-instance.ts'
import { deleteInstance } from './workflows/delete-instance.ts'
import { removeLeftovers } from './workflows/remove-leftovers.ts'
import { startInstance } from './workflows/start-instance.ts'

export interface ControlPlaneOptions {
  /** Migrated (see `migrate`). */
  readonly databaseUrl: string
  /** The control plane runs that database itself. */
  readonly embedded: boolean
  readonly provider: InstanceProvider
  /** 32 bytes that seal instances' passwords; another key cannot read what this one sealed. */
  readonly sealingKey: Uint8Array
  readonly version: string
  readonly logger: Logger
  /** A test seam: called at the engine's crash points. */
  readonly reach?: Reach
  /** The same for health checks. */
  readonly reachHealth?: HealthReach
  /** The same: asked instead of the instances. */
  readonly probe?: Probe
  /** What is done about drift, where it is to differ from the default. */
  readonly repair?: Partial<RepairPolicy>
}

/** Connections to instances that are kept from one health check to the next. */
const mostKeptConnections = 256

export interface RunningControlPlane extends ControlPlane {
  /** Running steps have `drainMs` milliseconds to finish; what does not is handed back to the queue. */
  stop(drainMs: number): Promise<void>
}

/**
 * Builds and starts a control plane on a migrated metadata database. Any number may run on one database.
 * @throws {WrongSealingKey}
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<RunningControlPlane> {
  const { databaseUrl, embedded, provider, sealingKey, version, logger, reach } = options
  const sql = connect(databaseUrl, { max: 10, applicationName: 'toygres' })
  // Steps must not wait behind requests for a connection, nor the other way round.
  const engineSql = connect(databaseUrl, { max: 4, applicationName: 'toygres engine' })
  const healthSql = connect(databaseUrl, { max: 3, applicationName: 'toygres health' })
  const credentials = new Credentials(sql, createSealer(sealingKey))
  try {
    await credentials.checkKey()
  } catch (error) {
    await Promise.all([sql.end(), engineSql.end(), healthSql.end()])
    throw error
  }
  const boss = await startQueue(databaseUrl, logger)
  const workflows = [createInstance, deleteInstance, startInstance, removeLeftovers]
  const schedule = new HealthSchedule(boss)
  const dependencies = { provider, credentials, health: schedule }
  const engine = new Engine({
    sql: engineSql,
    boss,
    workflows,
    dependencies,
    logger,
    ...(reach && { reach }),
  })
  const policy = { ...defaultRepairPolicy, ...options.repair }
  const reconciler = new Reconciler({ sql, engine, provider, schedule, policy, logger })
  const kept = new KeptConnections({ max: mostKeptConnections, onLost: (id) => reconciler.noticed(id) })
  const probe = options.probe ?? proberOf({ provider, credentials, kept })
  const monitor = new HealthMonitor({
    sql: healthSql,
    boss,
    probe,
    logger,
    ...(options.reachHealth && { reach: options.reachHealth }),
  })
  await engine.run()

  const watch = await provider.watch((id) => {
    reconciler.noticed(id)
    engine
      .wake(id)
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'a wake-up was lost; the safety poll makes up for it'),
      )
  })
  await reconciler.start()
  await monitor.start()
  await forgetOldKeys(sql)
  const forgetting = setInterval(() => {
    forgetOldKeys(sql).catch((error: unknown) =>
      logger.warn({ err: error }, 'old idempotency keys are kept an hour longer'),
    )
  }, hours(1))

  return {
    instances: instancesOf({ sql, engine, provider, credentials }),
    operations: operationsOf({ sql, engine }),
    health: healthOf({ sql, schedule }),
    drift: driftOf({ sql }),
    system: systemOf({ sql, provider, version, databaseUrl, embedded }),
    authenticate: (apiKey) => authenticate(sql, apiKey),
    async stop(drainMs) {
      clearInterval(forgetting)
      await watch[Symbol.asyncDispose]()
      await Promise.all([monitor.stop(), reconciler.stop()])
      kept.close()
      await engine.stop(drainMs)
      await boss.stop({ graceful: false })
      await Promise.all([sql, engineSql, healthSql].map((pool) => pool.end({ timeout: 5 })))
    },
  }
}

async function startQueue(databaseUrl: string, logger: Logger): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'toygres queue',
    max: 2,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds: 300,
  })
  boss.on('error', (error) => logger.warn({ err: error }, 'pg-boss reports an error; it goes on'))
  await boss.start()
  return boss
}
