import { useSyncExternalStore } from 'react'

/** Whether changes reach this page as they happen. */
export type ConnectionState = 'connecting' | 'live' | 'lost'

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
