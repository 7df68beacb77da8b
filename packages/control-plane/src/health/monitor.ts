import { seconds, type Logger } from '@toygres/workflow'
import type { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { ifDue } from '../duties.ts'
import type { HealthReach } from './crash-points.ts'
import { Flights } from './flights.ts'
import { keepPartitions } from './partitions.ts'
import { Punctuality } from './punctuality.ts'
import type { Probe } from './probe.ts'
import { healthChannel, healthQueue } from './queue.ts'
import { type FinishedCheck } from './record.ts'
import type { MeasuredSize } from './record-sizes.ts'
import { forgetOldEvents, rollUp } from './rollup.ts'
import { forgetStopped, shortestIntervalMs, sweepChecks } from './sweep.ts'
import { longestProbeMs, sweepPaceOf, sweepPaces } from './timing.ts'
import { takeHealthTurn, type Due, type Room } from './turn.ts'

export interface HealthMonitorOptions {
  /** A pool of its own: checks do not wait for requests. */
  readonly sql: Sql
  readonly boss: PgBoss
  readonly probe: Probe
  readonly logger: Logger
  /** A test seam: called between the stages of a check. */
  readonly reach?: HealthReach
}

/** Checks that become due within this time are fetched together; what ends meanwhile is recorded with them. */
const cadenceMs = 200
/** What a lost notification can cost. */
const idleMs = seconds(5)
const retryMs = 200
const housekeepingMs = seconds(20)
const rollupMs = seconds(60)
const vacuumMs = seconds(30)
const reportMs = seconds(60)
/**
 * Checks that all begin together share the processor: beyond some number none would end in time, and instances would be called
 * unhealthy for our own haste. Of those that hang 640 begin per second, where 10,000 instances that are checked every 30 s need
 * half of that.
 */
const pace = { atOnce: 64, holdMs: 100 } as const
/**
 * What had no answer the last time will hardly have one now, and waits for no other's place: however many hang, and be this process
 * so late that silence lasts longer, those that answer are asked in time.
 */
const paceAfterSilence = { atOnce: 32, holdMs: 50 } as const
/** So many new jobs change what the planner should think of their table. */
const manyMissing = 500
/** Recorded in one transaction at most. */
const mostPerTurn = 1000

/** Runs the health checks that are due: a loop that takes a turn, and sleeps until checks have ended or more are due. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions
  readonly #reach: HealthReach
  readonly #flights = { ordinary: new Flights(pace), afterSilence: new Flights(paceAfterSilence) }
  readonly #timers: NodeJS.Timeout[] = []
  #sweeping: NodeJS.Timeout | undefined
  readonly #punctuality = new Punctuality()
  #finished: FinishedCheck[] = []
  #measuring = 0
  #measured: MeasuredSize[] = []
  #wake: () => void = () => {}
  #poked = false
  #stopping = false
  #failing = false
  #running: Promise<void> = Promise.resolve()
  #unlisten: () => Promise<void> = async () => {}

  constructor(options: HealthMonitorOptions) {
    this.#options = options
    this.#reach = options.reach ?? (() => {})
  }

  async start(): Promise<void> {
    const { sql } = this.#options
    await this.#keepPartitions()
    const poke = () => this.poke()
    const { unlisten } = await sql.listen(healthChannel, poke, poke)
    this.#unlisten = unlisten
    void this.#keepSweeping()
    this.#every(housekeepingMs, () => this.#housekeep())
    this.#every(reportMs, async () => {
      const report = this.#punctuality.report()
      if (report !== null) this.#options.logger.info(report, 'health checks of the last minute')
    })
    this.#running = this.#loop()
  }

  /** A check may be due. */
  poke(): void {
    this.#poked = true
    this.#wake()
  }

  /** Checks that run are waited for, so that none is left to the sweep. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.#sweeping)
    this.poke()
    // With the database away nothing can be recorded: what is left is found by the sweep.
    await Promise.race([this.#running, pause(2 * longestProbeMs)])
    await this.#unlisten().catch(() => {})
  }

  async #loop(): Promise<void> {
    while (!this.#stopping || this.#isBusy) {
      this.#poked = false
      const sleepMs = await this.#turn().catch((error: unknown) => this.#survive(error))
      if (sleepMs > 0 && !this.#poked) await this.#sleep(sleepMs)
    }
  }

  get #room(): Room {
    const { ordinary, afterSilence } = this.#flights
    if (this.#stopping) return { ordinary: 0, afterSilence: 0 }
    return { ordinary: ordinary.room, afterSilence: afterSilence.room }
  }

  get #isBusy(): boolean {
    const flying = this.#flights.ordinary.size + this.#flights.afterSilence.size
    return flying + this.#finished.length + this.#measuring + this.#measured.length > 0
  }

  /** @returns milliseconds until the next one makes sense */
  async #turn(): Promise<number> {
    const batch = this.#finished.slice(0, mostPerTurn)
    const began = performance.now()
    if (batch.length > 0) await this.#reach('health.probed')
    const measured = this.#measured.slice(0, mostPerTurn)
    const ready = { finished: batch, measured, room: this.#room }
    const { recorded, due, fetched, more } = await takeHealthTurn(this.#options, ready)
    this.#failing = false
    this.#finished = this.#finished.slice(batch.length)
    this.#measured = this.#measured.slice(measured.length)
    if (batch.length > 0) await this.#reach('health.recorded')
    for (const { instanceId, before, after } of recorded)
      if (before !== after)
        this.#options.logger.info({ instance: instanceId, before, after }, 'health changed')
    for (const check of due) this.#fly(check, began)
    if (due.length > 0) await this.#reach('health.fetched')
    if (more) return 1
    if (fetched > 0 || this.#isBusy) return cadenceMs
    return this.#untilDue()
  }

  #fly({ job, target }: Due, fetchedAt: number): void {
    const flights = job.afterSilence ? this.#flights.afterSilence : this.#flights.ordinary
    const probe = () => {
      this.#punctuality.began(job.lateMs + performance.now() - fetchedAt, job)
      return this.#options.probe(target)
    }
    void flights.run(probe).then((result) => {
      if (result.failure !== null) this.#punctuality.failed()
      this.#finished.push({ job, result })
      if (result.databaseBytes !== undefined) void this.#measure(job.instanceId, result.databaseBytes)
    })
  }

  async #measure(instanceId: string, size: Promise<number | null>): Promise<void> {
    this.#measuring++
    const databaseBytes = await size
    this.#measuring--
    this.#measured.push({ instanceId, databaseBytes })
  }

  async #untilDue(): Promise<number> {
    const [row] = await this.#options.sql<{ ms: number | null }[]>`
      select (extract(epoch from min(start_after) - now()) * 1000)::float8 as ms from pgboss.job
      where name = ${healthQueue} and state < 'active' and not blocked`
    return Math.min(Math.max(row?.ms ?? idleMs, cadenceMs), idleMs)
  }

  async #survive(thrown: unknown): Promise<number> {
    if (noPartition(thrown)) await this.#keepPartitions().catch(() => {})
    // Said once for an outage.
    else if (!this.#failing)
      this.#options.logger.warn({ err: thrown }, 'health checks could not be recorded; trying again')
    this.#failing = true
    return retryMs
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** As often as the shortest interval wants it: which that is, is asked each time. */
  async #keepSweeping(): Promise<void> {
    const everyMs = await this.#sweep().catch((error: unknown) => this.#complain(error))
    if (this.#stopping) return
    this.#sweeping = setTimeout(() => void this.#keepSweeping(), everyMs ?? idleMs)
  }

  /** @returns milliseconds until the next one is due */
  async #sweep(): Promise<number> {
    const shortest = sweepPaceOf(await shortestIntervalMs(this.#options.sql))
    for (const pace of sweepPaces) if (pace.everyMs >= shortest.everyMs) await this.#sweepAt(pace)
    return shortest.everyMs
  }

  async #sweepAt(pace: (typeof sweepPaces)[number]): Promise<void> {
    const { sql, boss, logger } = this.#options
    // A timer is a bit early now and then.
    const duty = { duty: `health-sweep-${pace.fromSeconds}s`, everyMs: 0.8 * pace.everyMs } as const
    const missing = await ifDue(sql, duty, (tx) => sweepChecks(tx, boss, pace))
    if (!missing) return
    logger.warn({ instances: missing }, 'health checks were missing, and were started again')
    if (missing > manyMissing) await vacuum(sql)
    this.poke()
  }

  async #keepPartitions(): Promise<void> {
    await this.#options.sql.begin((tx) => keepPartitions(tx))
  }

  async #housekeep(): Promise<void> {
    const { sql } = this.#options
    const rollup = { duty: 'health-rollup', everyMs: rollupMs - 1000 } as const
    const more = await ifDue(sql, rollup, async (tx) => {
      await forgetOldEvents(tx)
      await forgetStopped(tx)
      return rollUp(tx)
    })
    // After an outage there is more than one transaction's worth.
    for (let left = more; left && !this.#stopping;) left = await sql.begin((tx) => rollUp(tx))
    // By itself: all who write samples wait for as long as it takes.
    if (await ifDue(sql, { duty: 'health-partitions', everyMs: rollupMs - 1000 }, async () => true))
      await this.#keepPartitions()
    if (await ifDue(sql, { duty: 'health-vacuum', everyMs: vacuumMs - 1000 }, async () => true))
      await vacuum(sql)
  }

  /** At once, and then again and again; never twice at a time. */
  #every(ms: number, task: () => Promise<unknown>): void {
    let busy = false
    const run = () => {
      if (busy || this.#stopping) return
      busy = true
      task()
        .catch((error: unknown) => this.#complain(error))
        .finally(() => (busy = false))
    }
    run()
    this.#timers.push(setInterval(run, ms))
  }

  #complain(error: unknown): void {
    if (!this.#stopping)
      this.#options.logger.warn({ err: error }, 'housekeeping of health checks failed; it is repeated')
  }
}

/** Rows that are replaced at every check: autovacuum, which looks once a minute, lets the dead ones outnumber the living. */
async function vacuum(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'instance_health'::regclass
      or n.nspname = 'pgboss' and c.relname = (select table_name from pgboss.queue where name = ${healthQueue})`
  for (const { name } of tables) await sql.unsafe(`vacuum (analyze, skip_locked) ${name}`)
}

/** "no partition of relation found for row", which has no code of its own. */
const noPartition = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23514' && /partition/.test(error.message)

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
