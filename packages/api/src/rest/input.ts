import { ToygresError, type FieldError } from '@toygres/schema'
import { readBody } from './body.ts'
import type { Found } from './match.ts'
import { placesOf, type Place } from './places.ts'
import { fromJson, fromText } from './values.ts'

/** A request, and the endpoint that is at its path. */
export interface Asked {
  readonly request: Request
  readonly query: URLSearchParams
  readonly found: Found
}

/** The input of the procedure that a request asks for, gathered from where its fields stand. The procedure checks it. */
export async function readInput({ request, query, found: { endpoint, params } }: Asked): Promise<object> {
  const places = [...placesOf(endpoint)]
  // Read also where none is asked for: what is said in it would pass for heard.
  const body = await readBody(request, { isAskedFor: places.some(([, place]) => place.in === 'body') })
  refuseUnknown(places, { request, query, body })

  const input: Record<string, unknown> = {}
  for (const [field, place] of places) {
    const schema = endpoint.input.shape[field]
    if (schema === undefined) continue
    if (place.in === 'body') {
      if (Object.hasOwn(body, field)) input[field] = fromJson(schema, body[field])
    } else {
      const text = textAt(place, { request, query, params })
      if (text !== undefined) input[field] = fromText(schema, text)
    }
  }
  return input
}

interface Sources {
  readonly request: Request
  readonly query: URLSearchParams
  readonly params: Found['params']
}

function textAt(place: Place, { request, query, params }: Sources): string | undefined {
  switch (place.in) {
    case 'path':
      return params[place.name]
    case 'query':
      return query.get(place.name) ?? undefined
    case 'header':
      return textOfHeader(place.name, request.headers.get(place.name))
    case 'body':
      throw new Error('BUG: a body is no text')
  }
}

function textOfHeader(name: string, value: string | null): string | undefined {
  if (value === null) return undefined
  // Nothing was seen yet: so it is over tRPC too.
  if (name === 'Last-Event-ID' && value === '') return undefined
  return name === 'If-Match' ? etagIn(value) : value
}

/**
 * `"tag"` as the ETag header has it, or several; also without quotes, since people write that. `*` asks for nothing but that it is
 * there. A weak one keeps its `W/`, so that it is that of nothing: RFC 9110 compares strongly here (13.1.1).
 */
function etagIn(value: string): string | undefined {
  if (value === '*') return undefined
  return listOfEtags.test(value) ? value.replaceAll(/["\s]/g, '') : value
}

const listOfEtags = /^(?:W\/)?"[^"\s]*"(?:\s*,\s*(?:W\/)?"[^"\s]*")*$/

/** A name that is misspelt would otherwise pass for one that was left out. */
function refuseUnknown(
  places: readonly (readonly [string, Place])[],
  { request, query, body }: { request: Request; query: URLSearchParams; body: object },
): void {
  const isAt = (where: Place['in'], name: string) =>
    places.some(([, place]) => place.in === where && place.name === name)
  const parameters = [...new Set(query.keys())]
  refuse([
    ...parameters
      .filter((name) => !isAt('query', name))
      .map((path) => ({ path, message: `this request has no such parameter${whereItGoes(path, places)}` })),
    ...parameters
      .filter((name) => query.getAll(name).length > 1)
      .map((path) => ({ path, message: 'this parameter may be given once' })),
    ...Object.keys(body)
      .filter((name) => !isAt('body', name))
      .map((path) => ({
        path,
        message: `this request has no such field in its body${whereItGoes(path, places)}`,
      })),
    // Whoever sends one counts on nothing being done where it is not so.
    ...(isAt('header', 'If-Match') || (request.headers.get('If-Match') ?? '*') === '*'
      ? []
      : [{ path: 'If-Match', message: 'what this request does depends on no etag' }]),
  ])
}

/** What stands at the wrong place is not misspelt. */
function whereItGoes(name: string, places: readonly (readonly [string, Place])[]): string {
  const [, place] = places.find(([field, found]) => field === name || found.name === name) ?? []
  if (place === undefined) return ''
  const where = {
    path: 'the path',
    query: `the query, as ?${place.name}=`,
    header: `the header ${place.name}`,
    body: 'the body',
  }[place.in]
  return `: ${name} goes into ${where}`
}

function refuse(fields: readonly FieldError[]): void {
  if (fields.length === 0) return
  const shown = fields.slice(0, 20)
  throw new ToygresError(
    'INVALID_INPUT',
    shown.map(({ path, message }) => `${path}: ${message}`).join('; '),
    {
      details: { errors: shown },
    },
  )
}
