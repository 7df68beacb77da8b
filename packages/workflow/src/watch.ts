import type { Sql } from 'postgres'
import { seconds } from './duration.ts'
import { readEvents, type EventRecord } from './history.ts'

/** A lost announcement costs a watcher this much at most. */
const safetyPollMs = seconds(15)

/** Who waits for events of which operation, in this process. */
export class Watchers {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Something may have happened to these operations. */
  notify(ids: Iterable<string>): void {
    for (const id of ids) for (const wake of this.#waiting.get(id) ?? []) wake()
  }

  /** Announcements may have been missed: everybody looks again. */
  notifyAll(): void {
    this.notify(this.#waiting.keys())
  }

  /**
   * Every event of an operation after `afterSeq`, in order, none lost or repeated; ends after the last one.
   * The database is read again after each announcement, so nothing is buffered here, however slow the reader.
   */
  async *watch(
    sql: Sql,
    id: string,
    afterSeq: number,
    signal: AbortSignal,
  ): AsyncGenerator<EventRecord, void> {
    let seq = afterSeq
    let rings = 0
    let wake = () => {}
    const ring = () => {
      rings++
      wake()
    }
    // Subscribed before the first read: what is committed in between rings.
    this.#subscribe(id, ring)
    signal.addEventListener('abort', ring)
    try {
      while (!signal.aborted) {
        const heard = rings
        const { events, more } = await readEvents(sql, id, seq)
        for (const event of events) {
          yield event
          seq = event.seq
        }
        if (more === 'never') return
        if (more === 'now' || rings !== heard) continue
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, safetyPollMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    } finally {
      signal.removeEventListener('abort', ring)
      this.#unsubscribe(id, ring)
    }
  }

  #subscribe(id: string, ring: () => void): void {
    const rings = this.#waiting.get(id)
    if (rings === undefined) this.#waiting.set(id, new Set([ring]))
    else rings.add(ring)
  }

  #unsubscribe(id: string, ring: () => void): void {
    const rings = this.#waiting.get(id)
    rings?.delete(ring)
    if (rings?.size === 0) this.#waiting.delete(id)
  }
}
