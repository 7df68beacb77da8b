import { useQuery } from '@tanstack/react-query'
import type { Session } from '@toygres/schema'
import { sessionQuery } from './session.ts'

/** Who is signed in. Only below the shell, which nobody else sees. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('BUG: nobody is signed in')
  return data
}
