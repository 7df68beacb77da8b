import { historyOf, operation } from '@toygres/api/testing'
import type { Operation, OperationEvent } from '@toygres/schema'

/** An operation whose history is written while it is watched. */
export class LiveHistory {
  readonly #events: OperationEvent[]
  readonly #rings = new Set<() => void>()
  #written = 0
  /** How the operation ended; by itself, well. */
  end: Partial<Operation> = { state: 'succeeded' }
  /** Each `afterSeq` that a watcher began at. */
  readonly begunAt: number[] = []

  constructor(steps: number) {
    this.#events = historyOf(steps)
  }

  get watchers(): number {
    return this.#rings.size
  }

  get operation(): Operation {
    return this.#written === this.#events.length ? { ...operation, done: true, ...this.end } : operation
  }

  /** Writes the events up to this one; all of them where none is named. */
  writeUpTo(seq = this.#events.length): void {
    this.#written = seq
    for (const ring of this.#rings) ring()
  }

  async *watch(_: string, { afterSeq, signal }: { afterSeq: number; signal: AbortSignal }) {
    this.begunAt.push(afterSeq)
    let ring: (() => void) | undefined
    const bell = () => ring?.()
    this.#rings.add(bell)
    signal.addEventListener('abort', bell)
    try {
      for (let seq = afterSeq; seq < this.#events.length && !signal.aborted;) {
        const event = this.#events[seq]
        if (event === undefined || seq >= this.#written)
          await new Promise<void>((resolve) => (ring = resolve))
        else {
          yield event
          seq = event.seq
        }
      }
    } finally {
      this.#rings.delete(bell)
    }
  }
}

/** Everything that it yields. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const seen: Item[] = []
  for await (const item of items) seen.push(item)
  return seen
}
