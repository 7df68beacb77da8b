import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Instance, InstanceChange, Principal } from '@toygres/schema'
import { Bell, seconds } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { listInstancesByIds } from './rows.ts'

/** What the triggers of sql/000008_sessions.sql say: the id of an instance that looks different now. */
const channel = 'toygres_instances'

/** Who was away for longer than this many changes lists everything again. */
const maxRemembered = 10_000

/** Read, and told, at once. */
const batch = 100

interface Remembered {
  readonly n: number
  readonly id: string
}

/** The changes of instances, numbered as this process hears of them, for whoever watches or comes back to it. */
export class InstanceChanges {
  readonly #sql: Sql
  readonly #bells = new EventEmitter().setMaxListeners(0)
  readonly #reads = new Map<string, { readonly asOf: number; readonly rows: Promise<Instance[]> }>()
  #log: Remembered[] = []
  #n = 0
  /** Numbers are of one process, and of the time since it began to listen: others mean nothing here. */
  #era = randomUUID()
  #unlisten: () => Promise<void> = async () => {}

  /** @param sql where rows are read */
  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** @param listening its connection for notifications is the one that hears of changes */
  async start(listening: Sql): Promise<void> {
    // Also after a reconnect: what was said meanwhile was not heard.
    const { unlisten } = await listening.listen(
      channel,
      (id) => this.#heard(id),
      () => this.#forget(),
    )
    this.#unlisten = unlisten
  }

  async stop(): Promise<void> {
    await this.#unlisten()
  }

  /** Everything of the project after `after`, each instance as it is when it is told; `reset` first where that is not known. */
  async *watch(
    { projectId }: Pick<Principal, 'projectId'>,
    { after, signal }: { after: string | undefined; signal: AbortSignal },
  ): AsyncGenerator<InstanceChange, void> {
    const bell = new Bell()
    this.#bells.on('changed', bell.ring)
    signal.addEventListener('abort', bell.ring)
    let { era, n } = readPosition(after)
    try {
      while (!signal.aborted) {
        if (era !== this.#era || n < (this.#log[0]?.n ?? this.#n + 1) - 1 || n > this.#n) {
          ;[era, n] = [this.#era, this.#n]
          yield { type: 'reset', position: `${era}.${n}` }
          continue
        }
        if (n === this.#n) {
          await bell.wait(seconds(60))
          continue
        }
        // They are numbered without a gap: nobody searches all of them for each change.
        const from = n + 1 - (this.#log[0]?.n ?? 0)
        const entries = this.#log.slice(from, from + batch)
        const changed = await this.#read([...new Set(entries.map(({ id }) => id))])
        const instances = changed.filter((instance) => instance.projectId === projectId)
        const [before, after] = [`${era}.${n}`, `${era}.${entries.at(-1)?.n ?? n}`]
        // Who leaves in the middle of these is told all of them again.
        for (const [index, instance] of instances.entries())
          yield { type: 'changed', position: index + 1 < instances.length ? before : after, instance }
        n = entries.at(-1)?.n ?? n
      }
    } finally {
      signal.removeEventListener('abort', bell.ring)
      this.#bells.off('changed', bell.ring)
    }
  }

  /** What many watchers ask for at the same moment is read once. */
  #read(ids: readonly string[]): Promise<Instance[]> {
    const key = ids.join()
    const shared = this.#reads.get(key)
    if (shared?.asOf === this.#n) return shared.rows
    const rows = listInstancesByIds(this.#sql, ids)
    const read = { asOf: this.#n, rows }
    this.#reads.set(key, read)
    const forget = () => void (this.#reads.get(key) === read && this.#reads.delete(key))
    rows.then(forget, forget)
    return rows
  }

  #heard(id: string): void {
    this.#log.push({ n: ++this.#n, id })
    if (this.#log.length > 2 * maxRemembered) this.#log = this.#log.slice(-maxRemembered)
    this.#bells.emit('changed')
  }

  #forget(): void {
    this.#era = randomUUID()
    this.#log = []
    this.#bells.emit('changed')
  }
}

function readPosition(position = ''): { era: string; n: number } {
  const [era = '', n = ''] = position.split('.')
  return { era, n: Number(n) }
}
