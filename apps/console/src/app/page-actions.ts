import type { ReactNode } from 'react'
import { useEffect, useId, useSyncExternalStore } from 'react'

/** What can be done on the page that is open. */
export interface PageAction {
  readonly label: string
  readonly icon: ReactNode
  readonly run: () => void
}

const byPart = new Map<string, readonly PageAction[]>()
const listeners = new Set<() => void>()
let all: readonly PageAction[] = []

function change(part: string, actions: readonly PageAction[]): void {
  byPart.set(part, actions)
  all = [...byPart.values()].flat()
  for (const tell of listeners) tell()
}

/** Has the command palette list them, while this part of the page is there. */
export function usePageActions(actions: readonly PageAction[]): void {
  const part = useId()
  useEffect(() => change(part, actions))
  useEffect(() => () => change(part, []), [part])
}

export function useAllPageActions(): readonly PageAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => all,
  )
}
