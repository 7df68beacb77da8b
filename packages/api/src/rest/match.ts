import { endpoints, type Endpoint } from './endpoints.ts'

export interface Found {
  readonly endpoint: Endpoint
  /** The fields that the path names. */
  readonly params: Readonly<Record<string, string>>
}

interface Pattern {
  readonly endpoint: Endpoint
  readonly segments: readonly string[]
}

const field = /^\{(\w+)\}$/

/** The more a path says itself, the sooner it is tried: an instance may be called `bulk`. */
const patterns: readonly Pattern[] = endpoints
  .map((endpoint) => ({ endpoint, segments: endpoint.path.split('/') }))
  .toSorted((a, b) => fieldsIn(a) - fieldsIn(b))

function fieldsIn({ segments }: Pattern): number {
  return segments.filter((segment) => field.test(segment)).length
}

/** The endpoint that a request is for, or the methods that its path has instead: none when there is nothing at all. */
export function findEndpoint(method: string, path: string): Found | { readonly allowed: readonly string[] } {
  const segments = path.split('/')
  const here = patterns.flatMap(({ endpoint, segments: pattern }) => {
    const params = paramsOf(pattern, segments)
    return params === null ? [] : [{ endpoint, params }]
  })
  // A HEAD is a GET whose answer loses its body on the way out.
  const asked = method === 'HEAD' ? 'GET' : method
  return (
    here.find(({ endpoint }) => endpoint.method === asked) ?? {
      allowed: [...new Set(here.map(({ endpoint }) => endpoint.method))],
    }
  )
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? ''
    const name = field.exec(expected)?.[1]
    if (name === undefined) {
      if (segment !== expected) return null
    } else {
      const value = decoded(segment)
      if (value === null || value === '') return null
      params[name] = value
    }
  }
  return params
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
