import { sayFailed } from '../ui/toast.tsx'
import { leaveProject } from './project.ts'
import { signOut } from './session.ts'

/** Forgets everything that was shown, by a new page: the next one at this browser may be somebody else. */
export function useSignOut(): () => void {
  return () =>
    void signOut().then(leaveProject, (error: unknown) => sayFailed('You are still signed in', error))
}
