import { EventEmitter } from 'node:events'
import type { Sql } from 'postgres'
import { Bell } from '../bell.ts'
import { seconds } from '../definition/duration.ts'
import { readEvents, type EventRecord } from './read.ts'

/** A lost announcement costs a watcher this much at most. */
const safetyPollMs = seconds(15)

/** Who waits for events of which operation, in this process. */
export class Watchers {
  readonly #bells = new EventEmitter().setMaxListeners(0)

  /** Something may have happened to these operations. */
  notify(ids: Iterable<string>): void {
    for (const id of ids) this.#bells.emit(id)
  }

  /** Announcements may have been missed: everybody looks again. */
  notifyAll(): void {
    for (const id of this.#bells.eventNames()) this.#bells.emit(id)
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
    const bell = new Bell()
    // Before the first read: what is committed in between rings.
    this.#bells.on(id, bell.ring)
    signal.addEventListener('abort', bell.ring)
    try {
      for (let seq = afterSeq; !signal.aborted;) {
        const { events, more } = await readEvents(sql, id, seq)
        for (const event of events) {
          yield event
          seq = event.seq
        }
        if (more === 'never') return
        if (more === 'later') await bell.wait(safetyPollMs)
      }
    } finally {
      signal.removeEventListener('abort', bell.ring)
      this.#bells.off(id, bell.ring)
    }
  }
}
