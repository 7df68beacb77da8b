import { useQueryClient } from '@tanstack/react-query'
import type { OperationEvent } from '@toygres/sdk'
import { useEffect, useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { operationQuery } from './operation-queries.ts'

/**
 * Every event of an operation, in order, as they come; each has the operation read again. None is lost or repeated
 * across interruptions: the SDK resumes after the last one.
 */
export function useOperationEvents(id: string): readonly OperationEvent[] {
  const queryClient = useQueryClient()
  const [events, setEvents] = useState<readonly OperationEvent[]>([])
  useEffect(() => {
    const left = new AbortController()
    let seen: OperationEvent[] = []
    const follow = async () => {
      for await (const event of toygres.operations.watch(id, { signal: left.signal })) {
        seen = [...seen, event]
        setEvents(seen)
        void queryClient.invalidateQueries({ queryKey: operationQuery(id).queryKey })
      }
    }
    follow().catch(() => {
      // The page shows what it knows, and why the operation itself cannot be read.
    })
    return () => left.abort()
  }, [id, queryClient])
  return events
}
