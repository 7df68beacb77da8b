import { minutes, type Logger } from '@toygres/workflow'
import type { Sql } from 'postgres'

/** Often enough to tell a key in use from one that is not. */
const onceEveryMs = minutes(1)

/** Uses that come within so long are written in one statement. */
const gatherMs = 250

/** Writes down when keys were last used: later and seldom, so that no call waits for it. */
export class KeyUse implements AsyncDisposable {
  readonly #sql: Sql
  readonly #logger: Logger
  /** The keys that were written down less than a minute ago, or are about to be. */
  readonly #noted = new Map<string, number>()
  readonly #pending = new Set<string>()
  #writing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql, logger: Logger) {
    this.#sql = sql
    this.#logger = logger
  }

  note(id: string): void {
    const now = performance.now()
    if (now - (this.#noted.get(id) ?? -Infinity) < onceEveryMs) return
    this.#noted.set(id, now)
    this.#pending.add(id)
    this.#timer ??= setTimeout(() => this.#write(), gatherMs)
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const ids = [...this.#pending]
    this.#pending.clear()
    for (const [id, at] of this.#noted) if (performance.now() - at > onceEveryMs) this.#noted.delete(id)
    if (ids.length === 0) return
    // Other control planes note the same keys: of them all, one writes in a minute.
    const written = this.#sql`
      update api_keys set last_used_at = now()
      where id in ${this.#sql(ids)} and coalesce(last_used_at < now() - interval '1 minute', true)`
    const settled = written.then(
      () => {},
      (error: unknown) => {
        for (const id of ids) this.#noted.delete(id)
        this.#logger.warn({ err: error }, 'when keys were last used is written down at their next use')
      },
    )
    this.#writing = Promise.all([this.#writing, settled]).then(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#write()
    await this.#writing
  }
}
