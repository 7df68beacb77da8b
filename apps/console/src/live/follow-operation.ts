import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { toygres } from '../app/toygres.ts'
import { readAgain } from './read-again.ts'

/** Has the lists of operations read again at each step of the one that is under way. */
export function useFollowedOperation(id: string | null): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    if (id === null) return
    const left = new AbortController()
    const follow = async () => {
      for await (const _ of toygres.operations.watch(id, { signal: left.signal }))
        readAgain(queryClient, ['operations'])
    }
    follow().catch(() => {
      // The lists are read again when the instance changes, too, and say what is wrong themselves.
    })
    return () => left.abort()
  }, [id, queryClient])
}
