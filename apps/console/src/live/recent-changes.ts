import type { Instance } from '@toygres/sdk'

/** No request is under way for longer. */
const keptMs = 120_000

let recent: { at: number; instance: Instance }[] = []

export function remember(instance: Instance): void {
  const now = performance.now()
  recent = [...recent.filter(({ at }) => at > now - keptMs), { at: now, instance }]
}

/** What was pushed since a request was made, oldest first: its answer may not know of it yet. */
export function changesSince(since: number): Instance[] {
  return recent.filter(({ at }) => at >= since).map(({ instance }) => instance)
}
