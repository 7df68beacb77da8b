import { useQueryClient } from '@tanstack/react-query'
import { UnauthenticatedError } from '@toygres/sdk'
import { useEffect } from 'react'
import { sessionQuery } from '../app/session.ts'
import { setConnection } from './connection.ts'
import { keepUp } from './watch.ts'

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
      keepUp(queryClient, watching.signal).catch((error: unknown) => {
        if (error instanceof UnauthenticatedError) queryClient.setQueryData(sessionQuery.queryKey, null)
      })
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
