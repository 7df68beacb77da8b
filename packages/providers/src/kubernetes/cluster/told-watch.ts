import { Watch } from '@kubernetes/client-node'
import { ApiError } from './api-error.ts'
import type { PooledKubeConfig } from './connection.ts'

/**
 * The library's watch, which says when a connection stands: its own `connect` is told before each try, be it in vain. Also tells of
 * ends that the library keeps to itself: a server that is silent from the start, which it would ask for ever as if its watch had only been
 * quiet; credentials that are not to be had; and a refusal, of which it makes an error like any other.
 */
export class ToldWatch extends Watch {
  readonly #onOpen: () => void

  constructor(config: PooledKubeConfig, onOpen: () => void) {
    super(config)
    this.#onOpen = onOpen
  }

  override async watch(
    ...[path, query, onEvent, onEnd]: Parameters<Watch['watch']>
  ): Promise<AbortController> {
    let isOpen = false
    let ended = false
    const end = (error: unknown) => {
      ended = true
      const wasSilent = !isOpen && error instanceof DOMException && error.name === 'TimeoutError'
      onEnd(wasSilent ? new Error('it is silent') : (refusalIn(error) ?? error))
    }
    try {
      const controller = await super.watch(path, query, onEvent, end)
      isOpen = !ended
      if (isOpen) this.#onOpen()
      return controller
    } catch (error) {
      end(error)
      return new AbortController()
    }
  }
}

/** Null also for 410: the library itself knows what to do about that. */
function refusalIn(error: unknown): ApiError | null {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return null
  return error.statusCode === 410 ? null : new ApiError(error.statusCode, error.message, undefined)
}
