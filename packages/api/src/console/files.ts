import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Hono } from 'hono'
import type { RequestVariables } from '../request-id.ts'

const base = '/console/'
const page = 'index.html'

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const compressed = new Set(['.css', '.html', '.js', '.svg'])

/** Nothing but our own files, and nobody's frame. */
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
}

interface ConsoleFile {
  readonly type: string
  readonly plain: Buffer<ArrayBuffer>
  readonly gzipped: Buffer<ArrayBuffer> | null
}

/** The built console, kept in memory, by path. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>

/** @returns null where there is no built console */
export async function readConsoleFiles(directory: string): Promise<ConsoleFiles | null> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = names
    .filter((entry) => entry.isFile() && extname(entry.name) in contentTypes)
    .map((entry) => join(entry.parentPath, entry.name))
  if (!files.includes(join(directory, page))) return null
  const read = async (path: string): Promise<[string, ConsoleFile]> => {
    const plain = await readFile(path)
    const extension = extname(path)
    const gzipped = compressed.has(extension) ? await promisify(gzip)(plain, { level: 9 }) : null
    return [
      path.slice(directory.length + 1).replaceAll('\\', '/'),
      { type: contentTypes[extension] ?? '', plain, gzipped },
    ]
  }
  return new Map(await Promise.all(files.map(read)))
}

/** Files by their name, which changes with their content; the page, whose script knows the rest of the path, for all else. */
export function consoleRoutes(files: ConsoleFiles): Hono<{ Variables: RequestVariables }> {
  const app = new Hono<{ Variables: RequestVariables }>()
  app.get('/', (exchange) => exchange.redirect(base))
  app.get('/console', (exchange) => exchange.redirect(base))
  app.get(`${base}*`, (exchange) => {
    const path = exchange.req.path.slice(base.length)
    const isAsset = path.startsWith('assets/')
    const file = files.get(path) ?? (isAsset ? undefined : files.get(page))
    if (file === undefined) return exchange.notFound()
    const { type, plain, gzipped } = file
    const mayCompress = /\bgzip\b/.test(exchange.req.header('accept-encoding') ?? '')
    return new Response(mayCompress && gzipped ? gzipped : plain, {
      headers: {
        'content-type': type,
        'x-content-type-options': 'nosniff',
        'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
        vary: 'accept-encoding',
        ...(mayCompress && gzipped && { 'content-encoding': 'gzip' }),
        ...(type.startsWith('text/html') && pageHeaders),
      },
    })
  })
  return app
}
