import { KubeConfig, type RequestContext } from '@kubernetes/client-node'

/** Milliseconds after which credentials may have changed under a pool of connections. */
const poolLifetimeMs = 300_000

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>

/**
 * A kubeconfig whose requests share connections. The library makes a new pool, and so a new TLS handshake, for each
 * request (seen in 2.0.1).
 */
export class PooledKubeConfig extends KubeConfig {
  #pool: { readonly dispatcher: Dispatcher; readonly until: number } | null = null

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    const fresh = context.getDispatcher()
    if (fresh === undefined) return
    if (this.#pool === null || this.#pool.until < performance.now()) {
      // What runs on the old pool ends there.
      void this.#pool?.dispatcher.close().catch(() => {})
      this.#pool = { dispatcher: fresh, until: performance.now() + poolLifetimeMs }
    }
    context.setDispatcher(this.#pool.dispatcher)
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const pool = this.#pool
    this.#pool = null
    await pool?.dispatcher.destroy()
  }
}
