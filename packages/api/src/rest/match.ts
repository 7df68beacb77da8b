import { endpoints, type Endpoint } from './endpoints.ts'

export interface Found {
  readonly endpoint: Endpoint
  /** The fields that the path names. */
  readonly params: Readonly<Record<string, string>>
}

interface Segment {
  readonly text: string
  /** Which field of the input it stands for, where it is no text. */
  readonly field: string | undefined
}

interface Pattern {
  readonly endpoint: Endpoint
  readonly segments: readonly Segment[]
}

const field = /^\{(\w+)\}$/

/** By their length. The more a path says itself, the sooner it is tried: an instance may be called `bulk`. */
const patterns: ReadonlyMap<number, readonly Pattern[]> = Map.groupBy(
  endpoints
    .map((endpoint) => ({ endpoint, segments: endpoint.path.split('/').map(readSegment) }))
    .toSorted((a, b) => fieldsIn(a) - fieldsIn(b)),
  ({ segments }) => segments.length,
)

function readSegment(text: string): Segment {
  return { text, field: field.exec(text)?.[1] }
}

function fieldsIn({ segments }: Pattern): number {
  return segments.filter((segment) => segment.field !== undefined).length
}

/** The endpoint that a request is for, or the methods that its path has instead: none when there is nothing at all. */
export function findEndpoint(method: string, path: string): Found | { readonly allowed: readonly string[] } {
  const segments = path.split('/')
  const allowed = new Set<string>()
  for (const { endpoint, segments: pattern } of patterns.get(segments.length) ?? []) {
    const params = paramsOf(pattern, segments)
    if (params === null) continue
    if (isAnsweredBy(method, endpoint)) return { endpoint, params }
    allowed.add(endpoint.method)
  }
  return { allowed: [...allowed] }
}

/**
 * A HEAD is a GET whose answer loses its body on the way out. Not a stream: nobody would read it, so that it would keep its place
 * among those that a caller may have.
 */
function isAnsweredBy(method: string, { method: own, type }: Endpoint): boolean {
  return method === own || (method === 'HEAD' && own === 'GET' && type !== 'subscription')
}

function paramsOf(pattern: readonly Segment[], segments: readonly string[]): Record<string, string> | null {
  const isHere = pattern.every(
    ({ text, field: name }, index) => name !== undefined || text === segments[index],
  )
  if (!isHere) return null
  const params: Record<string, string> = {}
  for (const [index, { field: name }] of pattern.entries()) {
    if (name === undefined) continue
    const value = decoded(segments[index] ?? '')
    if (value === null || value === '') return null
    params[name] = value
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
