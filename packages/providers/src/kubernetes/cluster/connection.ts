import { KubeConfig, type RequestContext } from '@kubernetes/client-node'
import { ProviderError } from '../../provider.ts'

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
    await super.applySecurityAuthentication(context).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause)
      const message = `the credentials for the cluster cannot be had: ${why}`
      // Whoever gives them may be away for a moment.
      throw new ProviderError('CREDENTIALS_REFUSED', message, { permanent: false, cause })
    })
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
