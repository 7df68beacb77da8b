import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { UnauthenticatedError } from '@toygres/sdk'
import { sessionQuery } from './session.ts'

/** The session has ended elsewhere, or its time is over: the shell asks for the key again. */
function onError(error: unknown): void {
  if (error instanceof UnauthenticatedError) queryClient.setQueryData(sessionQuery.queryKey, null)
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // The SDK tries again itself, and changes are pushed.
      retry: false,
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A call that cannot be made is an error to show, not one to wait with.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
