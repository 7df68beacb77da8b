import { KeyRound } from 'lucide-react'
import { useSession } from './use-session.ts'

/** Who is signed in, and as what. */
export function UserFace() {
  const { name, role } = useSession()
  return (
    <>
      <span className="visually-hidden">
        Signed in with the key {name}, as {role}
      </span>
      <span className="face" aria-hidden="true">
        <KeyRound />
      </span>
      <span className="who" aria-hidden="true">
        <span>{name}</span>
        <span>{role}</span>
      </span>
    </>
  )
}
