import type { QueryClient } from '@tanstack/react-query'
import { NotFoundError, type Instance } from '@toygres/sdk'
import { toygres } from '../app/toygres.ts'
import { setConnection } from './connection.ts'
import { instanceQuery, instancesQuery, withChange } from './queries.ts'
import { remember } from './recent-changes.ts'

/**
 * Keeps what this page shows as it is at the control plane, by one stream, until the signal says stop. After an
 * interruption the stream goes on where it was; where that cannot be, everything is read again.
 */
export async function keepUp(queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  setConnection('connecting')
  const onConnection = (connected: boolean) => {
    setConnection(connected ? 'live' : 'lost')
    if (connected) void queryClient.invalidateQueries({ predicate: ({ state }) => state.error !== null })
  }
  try {
    for await (const change of toygres.instances.watch({ signal, onConnection })) {
      if (change.type === 'changed') apply(queryClient, change.instance)
      else await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    }
  } catch (error) {
    if (signal.aborted) return
    // What the project of the page is not there for is no matter of the connection.
    setConnection(error instanceof NotFoundError ? 'none' : 'lost')
    throw error
  }
}

function apply(queryClient: QueryClient, instance: Instance): void {
  remember(instance)
  queryClient.setQueryData(instancesQuery.queryKey, (list) => list && withChange(list, instance))
  // A page that was opened by name stays with its instance, also when another one has the name later.
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ['instance'] })) {
    const shown = query.state.data as Instance | undefined
    if (shown?.id === instance.id)
      queryClient.setQueryData(instanceQuery(String(query.queryKey[1])).queryKey, instance)
  }
  for (const about of ['operations', 'operation', 'health', 'health-events', 'system', 'drift'])
    void queryClient.invalidateQueries({ queryKey: [about] })
}
