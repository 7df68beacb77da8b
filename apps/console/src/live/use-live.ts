import { useQueryClient } from '@tanstack/react-query'
import { UnauthenticatedError } from '@toygres/sdk'
import { useEffect } from 'react'
import { sessionQuery } from '../app/session.ts'
import { keepUp } from './watch.ts'

/**
 * Live while the page is looked at. A browser has few connections for one server, and hidden tabs would keep them from
 * the others: nothing is missed, since the stream begins with everything when the page is shown again.
 */
export function useLive(): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    let watching: AbortController | undefined
    const follow = () => {
      if (document.hidden) return watching?.abort()
      watching?.abort()
      watching = new AbortController()
      keepUp(queryClient, watching.signal).catch((error: unknown) => {
        if (error instanceof UnauthenticatedError) queryClient.setQueryData(sessionQuery.queryKey, null)
      })
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      watching?.abort()
    }
  }, [queryClient])
}
