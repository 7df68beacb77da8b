import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { sayFailed } from '../ui/toast.tsx'
import { sessionQuery, signOut } from './session.ts'

/** Forgets everything that was shown: the next one at this browser may be somebody else. */
export function useSignOut(): () => void {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    await signOut()
    await navigate({ to: '/sign-in' })
    queryClient.clear()
    queryClient.setQueryData(sessionQuery.queryKey, null)
  }
  return () => void leave().catch((error: unknown) => sayFailed('You are still signed in', error))
}
