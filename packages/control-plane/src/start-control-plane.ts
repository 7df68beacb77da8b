import type { InstanceProvider } from '@toygres/providers'
import type { Principal, ProjectIdOrName } from '@toygres/schema'
import { Engine, type Logger, type Reach } from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { KeyHolders } from './access/api-keys.ts'
import { authenticate } from './access/authenticate.ts'
import { BulkTurns } from './access/bulk-turns.ts'
import { Mutations } from './access/idempotency.ts'
import { auditLogOf } from './access/audit-log.ts'
import { KeyUse } from './access/key-use.ts'
import { keysOf } from './access/keys.ts'
import type { TokenOptions } from './access/tokens/options.ts'
import { RefusedReads } from './access/refused-reads.ts'
import { Tokens } from './access/tokens/tokens.ts'
import { forgetRegularly } from './access/retention.ts'
import { sessionsOf } from './access/sessions.ts'
import { AtBorder } from './border.ts'
import type { CallScope, ControlPlane } from './control-plane.ts'
import { fromMetadata } from './database/away.ts'
import { anotherRuns, engineSessions } from './database/another-runs.ts'
import { claimHome, type HomeRef } from './database/claim-home.ts'
import { connect } from './database/connect.ts'
import { untilAborted } from './database/until-aborted.ts'
import type { HealthReach } from './health/crash-points.ts'
import { healthOf } from './health/health.ts'
import { KeptConnections } from './health/kept-connections.ts'
import { HealthMonitor } from './health/monitor.ts'
import { Names } from './names/names.ts'
import { proberOf, type Probe } from './health/probe.ts'
import { HealthSchedule } from './health/schedule.ts'
import { InstanceChanges } from './instances/changes.ts'
import { Credentials } from './instances/credentials.ts'
import { runningDeletion } from './instances/delete.ts'
import { InstanceReads } from './instances/instance-reads.ts'
import { instancesOf } from './instances/instances.ts'
import { operationsOf } from './operations/operations.ts'
import { driftOf } from './reconcile/drift.ts'
import { Pulse } from './pulse.ts'
import { Reconciler } from './reconcile/reconciler.ts'
import { defaultRepairPolicy, type RepairPolicy } from './reconcile/repair-policy.ts'
import { projectsOf } from './projects/projects.ts'
import { createSealer } from './sealing.ts'
import { systemOf } from './system.ts'
import { WebhookSender } from './webhooks/sender.ts'
import { webhooksOf } from './webhooks/webhooks.ts'
import type { Dependencies } from './workflows/dependencies.ts'
import { workflows } from './workflows/registered.ts'

export interface ControlPlaneOptions {
  /** Migrated (see `migrate`). */
  readonly databaseUrl: string
  /** The control plane runs that database itself. */
  readonly embedded: boolean
  readonly provider: InstanceProvider
  /** 32 bytes that seal instances' passwords; another key cannot read what this one sealed. */
  readonly sealingKey: Uint8Array
  /** Whose disk has the instances, for a provider that keeps them on its own machine. */
  readonly home?: HomeRef
  /** Whose tokens are taken beside API keys; nobody's unless told. */
  readonly tokens?: TokenOptions
  /** Webhooks are sent to public addresses only, unless told. */
  readonly webhooks?: { readonly allowPrivateAddresses: boolean }
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

/** For whoever asks in this process, and stays. */
const noCall: CallScope = { signal: new AbortController().signal, onReplayed: () => {} }

/** Connections to instances that are kept from one health check to the next. */
const mostKeptConnections = 256

export interface RunningControlPlane extends ControlPlane {
  /**
   * Resolves when every instance that a reboot has stopped is being started again, or is known not to be. It never
   * rejects, and nothing has to wait for it: calls are answered meanwhile.
   */
  readonly restored: Promise<void>
  /** Running steps have `drainMs` milliseconds to finish; what does not is handed back to the queue. */
  stop(drainMs: number): Promise<void>
}

/**
 * Builds and starts a control plane on a migrated metadata database, or leaves nothing open. Any number may run on one
 * database, of one home: see `claimHome`.
 * @throws {WrongSealingKey} {@link AnotherHome}
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<RunningControlPlane> {
  const { databaseUrl, embedded, provider, sealingKey, home, version, logger, reach } = options
  await using cleanup = new AsyncDisposableStack()
  const open = (max: number, applicationName: string) =>
    cleanup.adopt(connect(databaseUrl, { max, applicationName }), (sql) => sql.end({ timeout: 5 }))
  // Steps must not wait behind requests for a connection, nor the other way round.
  const [sql, engineSql, healthSql, webhookSql] = [
    open(10, 'toygres'),
    open(6, engineSessions),
    open(3, 'toygres health'),
    open(2, 'toygres webhooks'),
  ]
  const startedAt = new Date()
  const sealer = createSealer(sealingKey)
  const credentials = new Credentials(sql, sealer)
  if (home !== undefined) await claimHome(sql, { provider: provider.name, home, takeOver: embedded })
  await credentials.checkKey()
  const isAlone = !(await anotherRuns(sql))

  const boss = await startQueue(databaseUrl, logger, cleanup)
  const schedule = new HealthSchedule(boss)
  const names = new Names()
  const engine = new Engine<Dependencies>({
    sql: engineSql,
    boss,
    workflows,
    dependencies: {
      provider,
      credentials,
      health: schedule,
      names,
      isBeingDeleted: async (id) => (await fromMetadata(() => runningDeletion(sql, id))) !== null,
    },
    limits: { groups: { [provider.name]: provider.operationsAtOnce } },
    logger,
    ...(reach && { reach }),
  })
  let drainMs = 0
  cleanup.defer(() => engine.stop(drainMs))
  await engine.run()

  const changes = new InstanceChanges(sql)
  cleanup.defer(() => changes.stop())
  await changes.start(engineSql)

  const policy = { ...defaultRepairPolicy, ...options.repair }
  const reconciler = new Reconciler({ sql, engine, provider, schedule, policy, logger })
  const kept = new KeptConnections({ max: mostKeptConnections, onLost: (id) => reconciler.noticed(id) })
  cleanup.defer(() => kept.close())
  const probe = options.probe ?? proberOf({ provider, credentials, kept, names })
  const reachHealth = options.reachHealth && { reach: options.reachHealth }
  const monitor = new HealthMonitor({ sql: healthSql, boss, probe, logger, ...reachHealth })
  cleanup.defer(() => Promise.all([monitor.stop(), reconciler.stop()]).then(() => {}))
  cleanup.use(
    await provider.watch((id) => {
      reconciler.noticed(id)
      engine
        .wake(id)
        .catch((error: unknown) =>
          logger.warn({ err: error }, 'a wake-up was lost; the step looks again when its own time has come'),
        )
    }),
  )
  cleanup.use(forgetRegularly(sql, logger))
  const use = cleanup.use(new KeyUse(sql, logger))
  const holders = new KeyHolders(sql, use)
  const tokens = options.tokens ? new Tokens(options.tokens, logger) : null
  const { allowPrivateAddresses = false } = options.webhooks ?? {}
  const sender = new WebhookSender({ sql: webhookSql, boss, sealer, allowPrivateAddresses, logger })
  cleanup.defer(() => sender.stop())
  await sender.start()
  const restored = reconciler.start({ whileAway: isAlone })
  await monitor.start()

  const [turns, refusedReads, pulse] = [new BulkTurns(), new RefusedReads(), new Pulse(() => sql`select 1`)]
  const reads = new InstanceReads(sql)
  /** On a database of its own for each call. */
  class Plane implements ControlPlane {
    readonly #shared: { readonly sql: Sql; readonly signal: AbortSignal; readonly mutations: Mutations }

    constructor(callSql: Sql, { signal, onReplayed }: CallScope) {
      this.#shared = { sql: callSql, signal, mutations: new Mutations(callSql, sealer, onReplayed) }
    }

    get instances(): ControlPlane['instances'] {
      const auditLog = auditLogOf(this.#shared.sql, refusedReads)
      return instancesOf({
        ...this.#shared,
        reads,
        turns,
        engine,
        provider,
        credentials,
        schedule,
        changes,
        auditLog,
      })
    }

    get operations(): ControlPlane['operations'] {
      return operationsOf({ ...this.#shared, engine, workflows })
    }

    get health(): ControlPlane['health'] {
      return healthOf({ ...this.#shared, schedule })
    }

    get drift(): ControlPlane['drift'] {
      return driftOf({ sql: this.#shared.sql })
    }

    get keys(): ControlPlane['keys'] {
      return keysOf(this.#shared.sql, this.#shared.mutations)
    }

    get projects(): ControlPlane['projects'] {
      return projectsOf(this.#shared.sql, this.#shared.mutations)
    }

    get audit(): ControlPlane['audit'] {
      return auditLogOf(this.#shared.sql, refusedReads)
    }

    get webhooks(): ControlPlane['webhooks'] {
      return webhooksOf({ ...this.#shared, sealer, allowPrivateAddresses })
    }

    get sessions(): ControlPlane['sessions'] {
      return sessionsOf({ sql: this.#shared.sql, holders, use })
    }

    get system(): ControlPlane['system'] {
      return systemOf({ sql: this.#shared.sql, pulse, startedAt, provider, version, databaseUrl, embedded })
    }

    authenticate(apiKey: string, project?: ProjectIdOrName): Promise<Principal | null> {
      return authenticate({ sql: this.#shared.sql, holders, tokens }, apiKey, project)
    }

    during(call: CallScope): ControlPlane {
      return new AtBorder(new Plane(untilAborted(sql, call.signal), call), call.signal)
    }
  }

  const everything = cleanup.move()
  return Object.assign(new AtBorder(new Plane(sql, noCall)), {
    restored,
    stop(ms: number) {
      drainMs = ms
      return everything.disposeAsync()
    },
  })
}

async function startQueue(
  databaseUrl: string,
  logger: Logger,
  cleanup: AsyncDisposableStack,
): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'toygres queue',
    max: 2,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds: 300,
  })
  boss.on('error', (error) => logger.warn({ err: error }, 'pg-boss reports an error; it goes on'))
  cleanup.defer(() => boss.stop({ graceful: false }))
  await boss.start()
  return boss
}
