import type { ControlPlane } from '@toygres/control-plane'
import { ProjectIdOrName, ToygresError, type Principal } from '@toygres/schema'
import { requireOwnPage } from './console/same-origin.ts'
import { readSessionCookie } from './console/session-cookie.ts'
import type { Strangers } from './strangers.ts'

const bearer = /^Bearer +([\x21-\x7e]{1,8192})$/i

/** Whom a request is shown to. */
export interface Door {
  readonly controlPlane: ControlPlane
  readonly limiters: { readonly strangers: Strangers }
  readonly address: string
  readonly signal: AbortSignal
  readonly requestId: string
}

/** Who makes this request: the holder of an API key or token, or who is signed in to the console with a key. */
export async function authenticate(
  request: Request,
  { controlPlane, limiters: { strangers }, address, signal, requestId }: Door,
): Promise<Principal> {
  const { headers } = request
  const authorization = headers.get('authorization')
  const token = authorization === null ? readSessionCookie(request) : undefined
  if (token !== undefined) {
    requireOwnPage(request)
    const principal = await strangers.greet({ address, signal }, token, () =>
      controlPlane.sessions.authenticate(token, projectIn(headers)),
    )
    if (principal === null) throw new ToygresError('UNAUTHENTICATED', 'the session has ended: sign in again')
    return { ...principal, requestId }
  }
  // What is shown goes nowhere else: no log, no error, no context.
  const apiKey = bearer.exec(authorization ?? '')?.[1]
  if (apiKey === undefined)
    throw new ToygresError(
      'UNAUTHENTICATED',
      'an API key is needed: send it as "Authorization: Bearer <key>"',
    )
  const principal = await strangers.greet({ address, signal }, apiKey, () =>
    controlPlane.authenticate(apiKey, projectIn(headers)),
  )
  if (principal === null)
    throw new ToygresError(
      'UNAUTHENTICATED',
      'this API key is not known, or no longer: check it or ask for a new one',
    )
  return { ...principal, requestId }
}

/** Where the call acts, for who may act in more than one project. */
const projectHeader = 'toygres-project'

function projectIn(headers: Headers): ProjectIdOrName | undefined {
  const named = headers.get(projectHeader)
  if (named === null) return undefined
  const project = ProjectIdOrName.safeParse(named)
  if (project.success) return project.data
  throw new ToygresError('INVALID_INPUT', `the header ${projectHeader} takes the name or the id of a project`)
}
