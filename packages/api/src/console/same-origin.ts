import { ToygresError } from '@toygres/schema'

/** Other sites' pages cannot send it without our leave, which nobody gets. */
const consoleHeader = 'x-toygres-console'

/**
 * A browser adds the session's cookie to a request whoever made it: only pages that were served from here may.
 * @throws {ToygresError} PERMISSION_DENIED
 */
export function requireOwnPage(request: Request): void {
  const origin = request.headers.get('origin')
  const ours =
    request.headers.has(consoleHeader) &&
    (origin === null || hostOf(origin) === request.headers.get('host')) &&
    ['same-origin', null].includes(request.headers.get('sec-fetch-site'))
  if (!ours)
    throw new ToygresError(
      'PERMISSION_DENIED',
      'a session is for the pages of this console only: send an API key as "Authorization: Bearer <key>" instead',
    )
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
