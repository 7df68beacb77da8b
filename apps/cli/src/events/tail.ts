import type { HealthEvent, Instance, OperationHistoryEvent, Toygres } from '@toygres/sdk'
import { happeningOfHealth, happeningOfOperation, type Happening } from '../output/event-view.ts'

const pageSize = 1_000
/** Events that are read at one look, however much is under way. */
const most = 10_000
/** The control plane lists events by operation, the newest first: what happened last may have happened to an older one. */
const [enoughAtFirst, enoughLater] = [1_000, 200]
/** An event can be seen so long after others that came later: transactions end in an order of their own. */
const lateMs = 10_000

/** Of an operation of which nothing more is to be heard, unless somebody tries it again. */
const ends = new Set(['succeeded', 'failed', 'cancelled', 'parked'])

/** What happens to one instance, or to all. Asked again, it tells what is new. */
export class Tail {
  readonly #toygres: Toygres
  readonly #instance: Instance | null
  /** The `seq` of the last event of each operation that was told. */
  readonly #told = new Map<string, number>()
  readonly #toldOfHealth = new Set<string>()
  readonly #underWay = new Set<string>()
  /** What happened before was left out on purpose; null at the first look. */
  #since: number | null = null

  constructor(toygres: Toygres, instance: Instance | null) {
    this.#toygres = toygres
    this.#instance = instance
  }

  /** Oldest first; at the first look the last so many. */
  async next(limit: number): Promise<Happening[]> {
    const [events, health] = await Promise.all([this.#read(limit), this.#readHealth(limit)])
    const [isFirst, since] = [this.#since === null, this.#since ?? -Infinity]
    const fresh = [
      ...health.filter(({ id }) => !this.#toldOfHealth.has(id)).map((event) => this.#ofHealth(event)),
      ...events
        .filter(({ operationId, seq }) => seq > (this.#told.get(operationId) ?? 0))
        .map(happeningOfOperation)
        // What is of one moment, in the order in which it came.
        .toReversed(),
    ]
      .filter(({ at }) => at.getTime() > since)
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())

    for (const event of events.toReversed()) this.#remember(event)
    for (const { id } of health) this.#toldOfHealth.add(id)
    this.#since ??= (fresh.at(-1)?.at.getTime() ?? -Infinity) - lateMs
    return isFirst ? fresh.slice(-limit) : fresh
  }

  /** Back to where nothing can be new any more. */
  async #read(limit: number): Promise<OperationHistoryEvent[]> {
    const isFirst = this.#since === null
    const enough = isFirst ? Math.max(limit, enoughAtFirst) : enoughLater
    // Ids are ordered by time.
    const [oldest] = [...this.#underWay, ...(isFirst ? await this.#underWayAtFirst() : [])].toSorted()
    const filter = {
      limit: Math.min(enough, pageSize),
      ...(this.#instance && { instance: this.#instance.id }),
    }
    const events = []
    for await (const event of this.#toygres.operations.events(filter)) {
      const mayBeNew = oldest !== undefined && event.operationId >= oldest
      if (events.length >= (mayBeNew ? most : enough)) break
      events.push(event)
    }
    return events
  }

  /** Known by their instances, so that one that has waited for long is not overlooked. */
  async #underWayAtFirst(): Promise<string[]> {
    const ids = []
    if (this.#instance === null)
      for await (const { activeOperationId } of this.#toygres.instances.list({ limit: pageSize }))
        if (activeOperationId !== null) ids.push(activeOperationId)
    return ids
  }

  async #readHealth(limit: number): Promise<HealthEvent[]> {
    if (this.#instance === null) return []
    const { items } = await this.#toygres.health.events(this.#instance.id, {
      limit: Math.min(limit, pageSize),
    })
    return items
  }

  #ofHealth(event: HealthEvent): Happening {
    return happeningOfHealth(this.#instance?.name ?? '', event)
  }

  #remember({ operationId, seq, step, state }: OperationHistoryEvent): void {
    this.#told.set(operationId, seq)
    if (step === null && ends.has(state)) this.#underWay.delete(operationId)
    else this.#underWay.add(operationId)
  }
}
