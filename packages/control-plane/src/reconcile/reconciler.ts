import { isDeepStrictEqual } from 'node:util'
import type { Address, FoundInstance, InstanceProvider, Observation } from '@toygres/providers'
import type { DriftKind } from '@toygres/schema'
import type { Engine, Logger } from '@toygres/workflow'
import { seconds } from '@toygres/workflow'
import type { Sql, TransactionSql } from 'postgres'
import { ifDue } from '../duties.ts'
import { markDown } from '../health/mark-down.ts'
import type { HealthSchedule } from '../health/schedule.ts'
import {
  dataMissing,
  explainInstance,
  explainStopped,
  markInstanceRunning,
  stopExplaining,
} from '../instances/state.ts'
import { within } from '../within.ts'
import type { Dependencies } from '../workflows/dependencies.ts'
import {
  forgetResolvedDrift,
  instancesInDoubt,
  noteRepair,
  openDrift,
  repairIsDueIn,
  resolveDrift,
  setRepairAfter,
} from './drift-rows.ts'
import { downBy, findingOf, type Finding, type KnownInstance } from './finding.ts'
import { knownInstances, lockKnown, readKnown } from './known-instances.ts'
import { Looks } from './looks.ts'
import { isGivenUp, mostRepairsPerHour, repairDelayMs, type RepairPolicy } from './repair-policy.ts'
import { recentRepairs, startRepair } from './repair.ts'

export interface ReconcilerOptions {
  readonly sql: Sql
  readonly engine: Engine<Dependencies>
  readonly provider: InstanceProvider
  readonly schedule: HealthSchedule
  readonly policy: RepairPolicy
  readonly logger: Logger
}

/** The provider's watch tells what happens; this bounds what it can miss. */
const passMs = seconds(30)
/** A provider that has not answered by then is asked again by the next pass. */
const lookTimeoutMs = seconds(20)

/** An instance that is looked at. */
interface Suspect {
  readonly id: string
  /** What the provider lists of it: nothing where it does not, undefined where it was not asked for a list. */
  readonly listed?: Partial<FoundInstance>
  /** What is found now has come about while no control plane ran. */
  readonly whileAway?: boolean
}

interface Drifted {
  readonly id: string
  readonly name: string
  readonly known: KnownInstance | null
  readonly observation: Observation
  readonly whileAway: boolean
}

/** Compares what the provider has with what metadata says, and repairs or reports the difference. Never touches what an operation changes. */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #looks = new Looks({ look: (id) => this.#lookAt({ id }) })
  readonly #timers = new Set<NodeJS.Timeout>()
  #pass: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** Returns after the first pass: what died while no control plane ran is on its way up again. */
  async start({ whileAway }: { whileAway: boolean }): Promise<void> {
    const { sql } = this.#options
    const timer = setInterval(() => {
      this.#pass = this.#pass
        .then(async () => {
          const due = await ifDue(sql, { duty: 'reconcile', everyMs: passMs - 500 }, async () => true)
          if (due) await this.pass()
        })
        .catch((error: unknown) => this.#complain(error))
    }, passMs)
    this.#timers.add(timer)
    this.#pass = this.pass({ whileAway }).catch((error: unknown) => this.#complain(error))
    await this.#pass
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all([this.#looks.stop(), this.#pass])
  }

  /** Something of this instance may have changed: looked at within moments. */
  noticed(id: string): void {
    this.#looks.notice(id)
  }

  /** Compares everything. */
  async pass({ whileAway = false } = {}): Promise<void> {
    const { sql, provider } = this.#options
    // Listed before metadata is read: what is listed was written down before it was made.
    const listed = new Map((await provider.list()).map((found) => [found.id, found]))
    const suspects = new Map<string, Suspect>()
    const suspect = (id: string) => void suspects.set(id, { id, listed: listed.get(id) ?? {}, whileAway })
    const unknown = new Set(listed.keys())
    for await (const page of knownInstances(sql))
      for (const known of page) {
        unknown.delete(known.id)
        if (known.provider === provider.name && findingOf(known, listed.get(known.id)) !== null)
          suspect(known.id)
      }
    for (const id of [...unknown, ...(await instancesInDoubt(sql, provider.name))]) suspect(id)
    await this.#looks.atAll([...suspects.values()], (one) => this.#lookAt(one))
    await forgetResolvedDrift(sql)
  }

  #lookAt(suspect: Suspect): Promise<void> {
    return this.#look(suspect).catch((error: unknown) => this.#complain(error))
  }

  async #look(suspect: Suspect): Promise<void> {
    const { sql, provider } = this.#options
    const { id, listed, whileAway = false } = suspect
    const known = (await readKnown(sql, [id])).get(id) ?? null
    // That something is an orphan takes a list to say: by itself it might be on its way out.
    if (known === null && listed === undefined) return
    if (known !== null && (known.provider !== provider.name || known.activeOperationId !== null)) return
    const signal = AbortSignal.timeout(lookTimeoutMs)
    const observation = await within(lookTimeoutMs, provider.observe({ id, name: known?.name }, { signal }))
    const finding = findingOf(known, { ...listed, observation })
    if (finding === null) return this.#nothingDiffers(suspect, known, observation)
    const name = known?.name ?? listed?.name ?? 'unknown'
    await this.#drifted({ id, name, known, observation, whileAway }, finding)
  }

  async #nothingDiffers(
    { id, listed }: Suspect,
    known: KnownInstance | null,
    observation: Observation,
  ): Promise<void> {
    const { sql, schedule } = this.#options
    await sql.begin(async (tx) => {
      if (!isDeepStrictEqual(await lockKnown(tx, id), known)) return
      await markDownBy(tx, known, observation)
      // Only a list tells what somebody changed.
      const resolved = await resolveDrift(tx, id, listed === undefined ? 'spec-changed' : null)
      // Why its last start failed stays: that is no difference.
      if (known?.state === 'stopped' && resolved > 0) await explainStopped(tx, id, null)
      if (known?.state !== 'running' || observation.phase !== 'ready') return
      await stopExplaining(tx, id)
      const unhealthy = await tx`select from instances where id = ${id} and health_status = 'unhealthy'`
      if (unhealthy.length > 0) await schedule.checkNow(tx, id)
    })
  }

  async #drifted({ id, name, known, observation, whileAway }: Drifted, finding: Finding): Promise<void> {
    const { sql, engine, provider, schedule, policy, logger } = this.#options
    const { kind, detail } = finding
    const explain = known?.state === 'stopped' ? explainStopped : explainInstance
    const dueInMs = await sql.begin<number | null>(async (tx) => {
      // Somebody's operation may have begun, and ended, while the provider was asked: then this is about what was, and is looked at anew.
      if (!isDeepStrictEqual(await lockKnown(tx, id), known)) return 0
      await resolveDrift(tx, id, kind)
      const drift = await openDrift(tx, { id, name, provider: provider.name }, finding)
      // A server that was stopped with its control plane, or with the machine, has not died of what is wrong with it.
      const isRested = whileAway && drift.isNew && kind === 'server-down'
      if (isRested && wasStopped(observation)) await schedule.pause(tx, id)
      else await markDownBy(tx, known, observation)
      if (finding.movedTo !== undefined && policy.changedSpec === 'report')
        return this.#adopt(tx, id, finding.movedTo)
      const repairs = kind === 'orphan' || isRested ? drift.repairs : await recentRepairs(tx, id, kind)
      const found = { kind, hopeless: finding.hopeless, repairs }
      const delayMs = repairDelayMs(found, policy)
      if (drift.isNew) {
        await setRepairAfter(tx, drift.id, delayMs)
        logger.warn({ instance: id, kind, detail, repairInMs: delayMs }, 'metadata and provider differ')
        if (kind === 'data-missing') await explain(tx, id, dataMissing)
      }
      if (delayMs === null) {
        if (isGivenUp(found, policy)) await explain(tx, id, givenUp(kind))
        await setRepairAfter(tx, drift.id, null)
        return null
      }
      const waitMs = await repairIsDueIn(tx, drift.id)
      if (waitMs !== null && waitMs > 0) return waitMs
      const operationId = await startRepair(engine, tx, { kind, id, name, known, group: provider.name })
      if (operationId === null) return null
      await noteRepair(tx, drift.id, operationId)
      const next = { ...found, repairs: found.repairs + 1 }
      await setRepairAfter(tx, drift.id, repairDelayMs(next, policy))
      logger.info({ instance: id, kind, operation: operationId }, 'a repair was started')
      return null
    })
    if (dueInMs !== null && dueInMs < passMs) this.#after(dueInMs + 1, () => this.noticed(id))
  }

  /** Metadata follows: what an operation would do beside that, to put back what somebody changed, is not wanted. */
  async #adopt(tx: TransactionSql, id: string, address: Address): Promise<null> {
    const { schedule, logger } = this.#options
    await schedule.checkNow(tx, id)
    await markInstanceRunning(tx, id, address)
    await resolveDrift(tx, id, null)
    logger.info({ instance: id, ...address }, 'its provider has moved it; its new address was noted')
    return null
  }

  #after(ms: number, task: () => void): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      task()
    }, ms)
    this.#timers.add(timer)
  }

  #complain(error: unknown): void {
    if (!this.#stopped)
      this.#options.logger.warn({ err: error }, 'metadata and provider could not be compared; it is repeated')
  }
}

/** As "toygres down --all" does: whoever wants that is not to hear of a failure. */
const wasStopped = (observation: Observation): boolean =>
  observation.phase === 'stopped' && observation.inGoodOrder === true

/** Health needs no second opinion where the provider says that a server is not there. */
async function markDownBy(
  tx: TransactionSql,
  known: KnownInstance | null,
  observation: Observation,
): Promise<void> {
  if (known?.state !== 'running') return
  const down = downBy(observation)
  if (down !== null) await markDown(tx, known.id, down)
}

/** What has come back too often, for people. */
function givenUp(kind: DriftKind): string {
  const within = `${mostRepairsPerHour} times within an hour`
  return kind === 'spec-changed'
    ? `somebody has changed its configuration ${within}: find out who does; it is put back again when an hour has passed`
    : `its server has died ${within}: see its log; it is started again when an hour has passed`
}
