import type { ControlPlane } from '@toygres/control-plane'
import { ProjectIdOrName, ToygresError, type Principal } from '@toygres/schema'

const bearer = /^Bearer +([\x21-\x7e]{1,8192})$/i

/** Who holds the API key or token in these headers. It goes nowhere else: no log, no error, no context. */
export async function authenticate(
  controlPlane: ControlPlane,
  headers: Headers,
  requestId: string,
): Promise<Principal> {
  const apiKey = bearer.exec(headers.get('authorization') ?? '')?.[1]
  if (apiKey === undefined)
    throw new ToygresError(
      'UNAUTHENTICATED',
      'an API key is needed: send it as "Authorization: Bearer <key>"',
    )
  const principal = await controlPlane.authenticate(apiKey, projectIn(headers))
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
