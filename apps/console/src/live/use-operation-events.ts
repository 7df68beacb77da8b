import { useQueryClient } from '@tanstack/react-query'
import { UnavailableError, type OperationEvent } from '@toygres/sdk'
import { useEffect, useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { useConnection } from './connection.ts'
import { operationQuery } from './operation-queries.ts'
import { readAgain } from './read-again.ts'

export interface OperationEvents {
  readonly events: readonly OperationEvent[]
  /** Why there are no more of them. */
  readonly error: unknown
  /** Goes on after the last one. */
  again(): void
}

interface Heard {
  readonly id: string
  readonly events: readonly OperationEvent[]
  readonly error?: unknown
}

/**
 * Every event of an operation, in order, as they come; each has the operation read again. None is lost or repeated
 * across interruptions: it goes on after the last one, also where one that had failed is tried again.
 */
export function useOperationEvents(id: string, done: boolean): OperationEvents {
  const queryClient = useQueryClient()
  const [heard, setHeard] = useState<Heard>({ id, events: [] })
  const [attempt, setAttempt] = useState(0)
  const events = eventsOf(heard, id)
  const error = heard.id === id ? heard.error : undefined
  const last = events.at(-1)?.seq ?? 0

  useEffect(() => {
    const left = new AbortController()
    const follow = async () => {
      for await (const event of toygres.operations.watch(id, { signal: left.signal, afterSeq: last })) {
        setHeard((before) => ({ id, events: withEvent(eventsOf(before, id), event) }))
        readAgain(queryClient, operationQuery(id).queryKey)
      }
    }
    follow().catch((error: unknown) => {
      if (!left.signal.aborted) setHeard((before) => ({ id, events: eventsOf(before, id), error }))
    })
    return () => left.abort()
    // Not `last`, which each event moves: it says only where a new stream begins.
  }, [id, done, attempt, queryClient])

  const isLive = useConnection() === 'live'
  const mayGoOn = isLive && error instanceof UnavailableError
  useEffect(() => {
    if (mayGoOn) setAttempt((before) => before + 1)
  }, [mayGoOn])
  return { events, error, again: () => setAttempt(attempt + 1) }
}

/** Those of another operation stay with it. */
const eventsOf = (heard: Heard, id: string) => (heard.id === id ? heard.events : [])

/** A stream that took over from another may begin with what that said last. */
function withEvent(events: readonly OperationEvent[], event: OperationEvent): readonly OperationEvent[] {
  return event.seq > (events.at(-1)?.seq ?? 0) ? [...events, event] : events
}
