import { queryOptions } from '@tanstack/react-query'
import { defaultProjectId, may as mayPrincipal, Session, type Permission } from '@toygres/schema'
import { z } from 'zod'
import { ownPage } from './toygres.ts'

const FromJson = Session.extend({ expiresAt: z.coerce.date() })
const Refused = z.object({ detail: z.string() })

/** Why signing in did not work, in a sentence. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
}

/** The control plane puts the session into a cookie that no script can read; the key is kept nowhere. */
export async function signIn(apiKey: string): Promise<Session> {
  const response = await call('POST', JSON.stringify({ apiKey }))
  if (response.ok) return FromJson.parse(await response.json())
  const refused = Refused.safeParse(await response.json().catch(() => null))
  throw new SignInError(refused.data?.detail ?? `the control plane answered with ${response.status}`)
}

export async function signOut(): Promise<void> {
  await call('DELETE')
}

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Infinity,
  queryFn: async (): Promise<Session | null> => {
    const response = await call('GET')
    if (!response.ok) throw new SignInError(`the control plane answered with ${response.status}`)
    return FromJson.nullable().parse(await response.json())
  },
})

export function may({ projectId, ...session }: Session, permission: Permission): boolean {
  const principal = { ...session, projectId: projectId ?? defaultProjectId, system: projectId === null }
  return mayPrincipal(principal, permission)
}

async function call(method: string, body?: string): Promise<Response> {
  const headers = { ...ownPage, ...(body !== undefined && { 'content-type': 'application/json' }) }
  try {
    return await fetch('/session', { method, headers, ...(body !== undefined && { body }) })
  } catch (cause) {
    throw new SignInError('cannot reach the control plane: is it running?', { cause })
  }
}
