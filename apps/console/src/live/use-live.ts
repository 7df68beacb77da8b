import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { NotFoundError, UnauthenticatedError } from '@toygres/sdk'
import { useEffect } from 'react'
import { sessionQuery } from '../app/session.ts'
import { setConnection } from './connection.ts'
import { keepUp } from './watch.ts'

/** After what the SDK has given up on: something else may answer at this address for a while. */
const againMs = 5_000

/**
 * Live while the page is looked at. A browser has few connections for one server, and hidden tabs would keep them from
 * the others: nothing is missed, since the stream begins with everything when the page is shown again, or when the
 * browser is on a network again.
 */
export function useLive(): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    let watching: AbortController | undefined
    const follow = () => {
      watching?.abort()
      // The connection may be dead long before anybody hears of it.
      if (!navigator.onLine) return setConnection('lost')
      if (document.hidden) return
      watching = new AbortController()
      setConnection('connecting')
      void keepUpForGood(queryClient, watching.signal)
    }
    follow()
    const left = new AbortController()
    document.addEventListener('visibilitychange', follow, left)
    for (const event of ['online', 'offline']) addEventListener(event, follow, left)
    return () => {
      left.abort()
      watching?.abort()
    }
  }, [queryClient])
}

/** Whatever ends the stream, another one is begun, until the signal says stop or there is nothing to follow. */
async function keepUpForGood(queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await keepUp(queryClient, signal)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof UnauthenticatedError)
        return void queryClient.setQueryData(sessionQuery.queryKey, null)
      // What the project of the page is not there for is no matter of the connection.
      if (error instanceof NotFoundError) return setConnection('none')
      setConnection('lost')
    }
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
}
