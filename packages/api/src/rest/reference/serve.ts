import { readFile } from 'node:fs/promises'
import { OpenApi } from './document.ts'
import { referencePage } from './page.ts'

/** Of the package: the same from `src` and from `dist`. */
const file = (path: string): Promise<string> => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** Nothing but our own style is loaded, by nobody's page but ours. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

interface Served {
  readonly type: string
  readonly read: () => Promise<string>
}

/** What describes the API, by its path. */
const served: Readonly<Record<string, Served>> = {
  '/openapi.json': { type: 'application/json', read: onceOnly(() => file('openapi.json')) },
  '/docs': {
    type: 'text/html; charset=utf-8',
    read: onceOnly(async () => referencePage(OpenApi.parse(JSON.parse(await file('openapi.json'))))),
  },
  '/docs/style.css': { type: 'text/css; charset=utf-8', read: onceOnly(() => file('static/reference.css')) },
}

export const referencePaths = Object.keys(served)

/** Made at the first request for it: most control planes are never asked. */
export async function serveReference(path: string): Promise<Response> {
  const found = served[path]
  if (found === undefined) throw new Error(`BUG: nothing is served at ${path}`)
  return new Response(await found.read(), {
    headers: {
      'Content-Type': found.type,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    },
  })
}

function onceOnly(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined
  return () => (made ??= make())
}
