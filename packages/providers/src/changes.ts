import type { InstanceId } from '@toygres/schema'

/** Who wants to hear that something of an instance may have changed. */
export interface Changes {
  emit(id: InstanceId): void
  subscribe(listener: (id: InstanceId) => void): Disposable
}

/** Tells listeners once per instance for all that happens within one turn of the event loop. */
export function changes(): Changes {
  const listeners = new Set<(id: InstanceId) => void>()
  const pending = new Set<InstanceId>()
  const flush = () => {
    const ids = [...pending]
    pending.clear()
    for (const id of ids) for (const listener of listeners) listener(id)
  }
  return {
    emit: (id) => {
      if (listeners.size === 0) return
      if (pending.size === 0) setImmediate(flush)
      pending.add(id)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
}
