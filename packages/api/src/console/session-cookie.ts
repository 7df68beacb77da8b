import type { Session } from '@toygres/schema'

/** Cookies are of a host, whatever the port: each control plane of a machine has one of its own. */
const nameFor = (request: Request): string => `toygres_session_${portOf(new URL(request.url))}`

export function readSessionCookie(request: Request): string | undefined {
  const wanted = `${nameFor(request)}=`
  const cookies = (request.headers.get('cookie') ?? '').split(/; */)
  return cookies.find((cookie) => cookie.startsWith(wanted))?.slice(wanted.length)
}

/** Scripts cannot read it, and other sites' pages cannot have it sent. */
export function sessionCookie(request: Request, token: string, { expiresAt }: Session): string {
  const seconds = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000))
  return cookie(request, token, seconds)
}

export function noSessionCookie(request: Request): string {
  return cookie(request, '', 0)
}

function cookie(request: Request, value: string, maxAge: number): string {
  const secure = isSecure(request) ? '; Secure' : ''
  return `${nameFor(request)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`
}

/** TLS ends in front of us where a proxy says so; a client that lies about it only hurts itself. */
function isSecure(request: Request): boolean {
  return request.url.startsWith('https:') || request.headers.get('x-forwarded-proto') === 'https'
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80')
}
