import { useSyncExternalStore } from 'react'

/** Whether changes reach this page as they happen; `none` where there is nothing that could change. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'none'

let state: ConnectionState = 'connecting'
const listeners = new Set<() => void>()

export function setConnection(next: ConnectionState): void {
  state = next
  for (const listener of listeners) listener()
}

export function useConnection(): ConnectionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
