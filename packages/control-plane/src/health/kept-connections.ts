import type { MonitorConnection } from './monitor-connection.ts'

export interface KeptConnectionsOptions {
  /** Connections at most; the least recently used one goes first. 0 keeps none. */
  readonly max: number
  /** A kept connection was lost while nobody used it: its server died, or cut it. */
  readonly onLost: (instanceId: string) => void
}

/** So that a login is proven every minute: a postmaster that hangs goes on serving its old connections, and no user gets in. */
const oldestMs = 60_000

interface Kept {
  readonly connection: MonitorConnection
  /** Address and login: an instance that has moved needs another. */
  readonly key: string
}

/** Connections to instances between their checks. A check takes one out, so that nobody else uses it meanwhile. */
export class KeptConnections {
  readonly #options: KeptConnectionsOptions
  readonly #kept = new Map<string, Kept>()
  #closed = false

  constructor(options: KeptConnectionsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#kept.size
  }

  take(instanceId: string, key: string): MonitorConnection | null {
    const kept = this.#kept.get(instanceId)
    if (kept === undefined) return null
    this.#kept.delete(instanceId)
    const { connection } = kept
    connection.onLost = () => {}
    if (kept.key === key && performance.now() - connection.openedAt < oldestMs) return connection
    connection.destroy()
    return null
  }

  /** One that was cut off while it answered is no good, nor is one of a check that ends after all were closed. */
  keep(instanceId: string, key: string, connection: MonitorConnection): void {
    if (this.#closed || connection.isLost) return connection.destroy()
    this.#kept.get(instanceId)?.connection.destroy()
    this.#kept.delete(instanceId)
    this.#kept.set(instanceId, { connection, key })
    connection.onLost = () => {
      this.#kept.delete(instanceId)
      this.#options.onLost(instanceId)
    }
    // A map hands out its oldest entry first.
    for (const [oldest, { connection: leastUsed }] of this.#kept) {
      if (this.#kept.size <= this.#options.max) break
      this.#kept.delete(oldest)
      leastUsed.destroy()
    }
  }

  close(): void {
    this.#closed = true
    for (const { connection } of this.#kept.values()) connection.destroy()
    this.#kept.clear()
  }
}
