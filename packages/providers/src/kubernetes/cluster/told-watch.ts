import { Watch } from '@kubernetes/client-node'
import type { PooledKubeConfig } from './connection.ts'

/** The library's watch, which says when a connection stands: its own `connect` is told before each try, be it in vain. */
export class ToldWatch extends Watch {
  readonly #onOpen: () => void

  constructor(config: PooledKubeConfig, onOpen: () => void) {
    super(config)
    this.#onOpen = onOpen
  }

  override async watch(
    ...[path, query, onEvent, onEnd]: Parameters<Watch['watch']>
  ): Promise<AbortController> {
    let ended = false
    const controller = await super.watch(path, query, onEvent, (error) => {
      ended = true
      onEnd(error)
    })
    if (!ended) this.#onOpen()
    return controller
  }
}
