import type { QueryClient } from '@tanstack/react-query'
import type { Instance } from '@toygres/sdk'
import { toygres } from '../app/toygres.ts'
import { setConnection } from './connection.ts'
import { perFrame } from './per-frame.ts'
import { instanceQuery, instancesQuery, withChanges } from './queries.ts'
import { readAgain } from './read-again.ts'
import { remember } from './recent-changes.ts'

/**
 * Keeps what this page shows as it is at the control plane, by one stream, until the signal says stop. After an
 * interruption the stream goes on where it was; where that cannot be, everything is read again.
 */
export async function keepUp(queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  const onConnection = (connected: boolean) => {
    setConnection(connected ? 'live' : 'lost')
    if (connected) void queryClient.invalidateQueries({ predicate: ({ state }) => state.error !== null })
  }
  const changed = perFrame<Instance>((instances) => apply(queryClient, instances))
  try {
    for await (const change of toygres.instances.watch({ signal, onConnection })) {
      // Nothing that is pushed waits for what is slow to be read.
      if (change.type === 'reset')
        void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
      else {
        remember(change.instance)
        changed.add(change.instance)
      }
    }
  } finally {
    changed.end()
  }
}

function apply(queryClient: QueryClient, instances: readonly Instance[]): void {
  // Each as it was told last.
  const now = new Map(instances.map((instance) => [instance.id, instance]))
  queryClient.setQueryData(instancesQuery.queryKey, (list) => list && withChanges(list, now))
  // A page that was opened by name stays with its instance, also when another one has the name later.
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ['instance'] })) {
    const shown = query.state.data as Instance | undefined
    const changed = shown && now.get(shown.id)
    if (changed) queryClient.setQueryData(instanceQuery(String(query.queryKey[1])).queryKey, changed)
  }
  for (const about of ['operations', 'operation', 'health', 'health-events', 'system', 'drift'])
    readAgain(queryClient, [about])
}
