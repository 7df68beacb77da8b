import fc from 'fast-check'
import { JsonSchema, nameIn, type Operation } from './document.ts'
import { hostile, hostileAs, valid, type Vocabulary } from './values.ts'

/** A request before it is sent: what it holds may be anything. */
export interface FuzzRequest {
  readonly path: Readonly<Record<string, unknown>>
  readonly query: readonly (readonly [string, unknown])[]
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly contentType: string
  readonly caller: Caller
}

export type Caller = (typeof callers)[number]
export const callers = ['admin', 'viewer', 'stranger', 'nobody'] as const

const asAdmin = fc.constant<Caller>('admin')
const asAnybody = fc.oneof({ weight: 6, arbitrary: asAdmin }, fc.constantFrom<Caller>(...callers))

/** A request with nothing but what the operation needs, and this input: something that is there where it asks for an id. */
export function plainRequest(
  { parameters, body }: Operation,
  input: Readonly<Record<string, unknown>>,
  { known }: Vocabulary,
): FuzzRequest {
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const there = ({ name, schema: { $ref } }: (typeof inPath)[number]) =>
    input[name] ?? (typeof $ref === 'string' ? known[nameIn($ref)]?.[0] : undefined)
  const elsewhere = Object.entries(input).filter(([field]) => !inPath.some(({ name }) => name === field))
  return {
    path: Object.fromEntries(inPath.map((parameter) => [parameter.name, there(parameter)])),
    query: body === undefined ? elsewhere : [],
    headers: {},
    body: body === undefined ? undefined : Object.fromEntries(elsewhere),
    contentType: 'application/json',
    caller: 'admin',
  }
}

/** Requests as the document allows them. */
export function validRequest(operation: Operation, vocabulary: Vocabulary): fc.Arbitrary<FuzzRequest> {
  const at = (where: string) => {
    const here = operation.parameters.filter((parameter) => parameter.in === where)
    return fc.record(Object.fromEntries(here.map(({ name, schema }) => [name, valid(schema, vocabulary)])), {
      requiredKeys: here.filter(({ required }) => required).map(({ name }) => name),
    })
  }
  return fc.record({
    path: at('path'),
    query: at('query').map((query) => Object.entries(query)),
    headers: at('header'),
    body: operation.body === undefined ? fc.constant(undefined) : valid(operation.body, vocabulary),
    contentType: fc.constant('application/json'),
    caller: asAdmin,
  })
}

/** One that is well, with one hostile value in it: what looks at the others lets it pass. Each such value in each place. */
export function spoiltRequests(
  operation: Operation,
  well: FuzzRequest,
  { schemas }: Vocabulary,
): readonly FuzzRequest[] {
  const resolved = (schema: JsonSchema): JsonSchema =>
    typeof schema['$ref'] === 'string' ? (schemas[nameIn(schema['$ref'])] ?? {}) : schema
  const properties = JsonSchema.parse(resolved(operation.body ?? {})['properties'] ?? {})
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: JsonSchema.parse(schema),
    at: 'body' as const,
  }))
  return [
    ...operation.parameters.map((parameter) => ({ ...parameter, at: parameter.in })),
    ...fields,
  ].flatMap(({ name, schema, at }) =>
    hostileAs(resolved(schema)).map((value): FuzzRequest => {
      switch (at) {
        case 'path':
          return { ...well, path: { ...well.path, [name]: value } }
        case 'query':
          return { ...well, query: [...well.query.filter(([other]) => other !== name), [name, value]] }
        case 'header':
          return { ...well, headers: { ...well.headers, [name]: value } }
        case 'body':
          return { ...well, body: { ...Object(well.body), [name]: value } }
      }
    }),
  )
}

/** The same with something wrong in it, mostly. */
export function brokenRequest(operation: Operation, vocabulary: Vocabulary): fc.Arbitrary<FuzzRequest> {
  const names = (where: string) =>
    operation.parameters.filter((parameter) => parameter.in === where).map(({ name }) => name)
  const wrong = fc.record({
    path: someOf(names('path')),
    query: someOf([...names('query'), 'unknown']),
    twice: fc.boolean(),
    headers: someOf(names('header')),
    body: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      hostile,
      fc.dictionary(fc.string({ maxLength: 20 }), hostile, { maxKeys: 3 }),
    ),
    field: fc.tuple(fc.nat(), hostile),
    contentType: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', ''),
    caller: asAnybody,
  })
  return fc.tuple(validRequest(operation, vocabulary), wrong).map(([request, how]) => ({
    path: { ...request.path, ...how.path },
    query: [...request.query, ...Object.entries(how.query), ...(how.twice ? request.query : [])],
    headers: { ...request.headers, ...how.headers },
    body: how.body ?? withFieldReplaced(request.body, how.field),
    contentType: how.contentType,
    caller: how.caller,
  }))
}

function someOf(names: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(names.map((name) => [name, hostile])), { requiredKeys: [] })
}

function withFieldReplaced(body: unknown, [which, value]: readonly [number, unknown]): unknown {
  if (typeof body !== 'object' || body === null) return body
  const fields = Object.keys(body)
  const name = fields[which % fields.length]
  return name === undefined ? { anything: value } : { ...body, [name]: value }
}

export interface Target {
  readonly url: string
  readonly keyOf: Readonly<Record<Caller, string | null>>
}

/** Null where no client could send it: a header cannot hold everything. */
export function toFetch(
  { method, path, body: takesBody }: Operation,
  request: FuzzRequest,
  { url, keyOf }: Target,
): Request | null {
  const key = keyOf[request.caller]
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(asText(request.path[name])))
  const query = new URLSearchParams(
    request.query.map(([name, value]): [string, string] => [name, asText(value)]),
  )
  const hasBody = method !== 'GET' && (takesBody !== undefined || request.body !== undefined)
  try {
    const named = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      asText(value),
    ])
    if (named.some(([, value]) => !sendable.test(value))) return null
    const headers = new Headers(named)
    if (key !== null) headers.set('Authorization', `Bearer ${key}`)
    if (hasBody && request.contentType !== '') headers.set('Content-Type', request.contentType)
    return new Request(`${url}${at}?${query.toString()}`, {
      method,
      headers,
      ...(hasBody && { body: new TextEncoder().encode(JSON.stringify(request.body)) }),
    })
  } catch {
    return null
  }
}

/** In a header. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
