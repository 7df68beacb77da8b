import { seconds } from '@toygres/workflow'
import { Lane } from '../lane.ts'

/** Several files of an instance change together. */
const coalesceMs = 50
/** Instances that are looked at together; one whose provider is slow to answer makes room for the next. */
const pace = { atOnce: 8, holdMs: seconds(0.25) } as const

export interface LooksOptions {
  /** What a look at an instance is, where all that is known of it is that something may have changed. Never throws. */
  readonly look: (id: string) => Promise<void>
}

/** Sees to it that an instance is looked at by one at a time, and that those that wait for their provider hold up no others. */
export class Looks {
  readonly #look: (id: string) => Promise<void>
  readonly #noticed = new Set<string>()
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #lane = new Lane(pace)
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor({ look }: LooksOptions) {
    this.#look = look
  }

  /** Within moments; one that is being looked at is looked at again after that. */
  notice(id: string): void {
    this.#noticed.add(id)
    this.#rouse()
  }

  /** At all of these, in their turn beside what is noticed. */
  async atAll<T extends { readonly id: string }>(
    suspects: readonly T[],
    look: (suspect: T) => Promise<void>,
  ): Promise<void> {
    const lane = new Lane(pace)
    await Promise.all(suspects.map((suspect) => this.#queue(suspect.id, lane, () => look(suspect))))
  }

  /** Looks that have begun are waited for. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all(this.#underWay.values())
  }

  #rouse(): void {
    if (this.#stopped) return
    this.#timer ??= setTimeout(() => this.#lookAtNoticed(), coalesceMs)
  }

  #lookAtNoticed(): void {
    this.#timer = undefined
    for (const id of this.#noticed) {
      if (this.#underWay.has(id)) continue
      this.#noticed.delete(id)
      void this.#queue(id, this.#lane, () => this.#look(id))
    }
  }

  #queue(id: string, lane: Lane, look: () => Promise<void>): Promise<void> {
    const before = this.#underWay.get(id) ?? Promise.resolve()
    const queued = before
      .then(() => lane.run(async () => (this.#stopped ? undefined : look())))
      .then(() => {
        if (this.#underWay.get(id) === queued) this.#underWay.delete(id)
        if (this.#noticed.has(id)) this.#rouse()
      })
    this.#underWay.set(id, queued)
    return queued
  }
}
