import type { Endpoint } from './endpoints.ts'

/** Where a field of the input stands in an HTTP request, and under which name. */
export interface Place {
  readonly in: 'path' | 'query' | 'header' | 'body'
  readonly name: string
}

/** Fields that HTTP has a place of its own for, whatever procedure takes them. */
const ofItsOwn: Readonly<Record<string, Place>> = {
  idempotencyKey: { in: 'header', name: 'Idempotency-Key' },
  etag: { in: 'header', name: 'If-Match' },
  lastEventId: { in: 'header', name: 'Last-Event-ID' },
  waitSeconds: { in: 'query', name: 'wait' },
  validateOnly: { in: 'query', name: 'validateOnly' },
}

const known = new WeakMap<Endpoint, ReadonlyMap<string, Place>>()

/** Every field of an endpoint's input with its place. What has no better one is in the body, or in the query where there is none. */
export function placesOf(endpoint: Endpoint): ReadonlyMap<string, Place> {
  const places = known.get(endpoint) ?? findPlaces(endpoint)
  known.set(endpoint, places)
  return places
}

function findPlaces({ input, method, path }: Endpoint): ReadonlyMap<string, Place> {
  const rest = method === 'GET' || method === 'DELETE' ? 'query' : 'body'
  return new Map(
    Object.keys(input.shape).map((field) => [
      field,
      path.includes(`{${field}}`)
        ? { in: 'path', name: field }
        : (ofItsOwn[field] ?? { in: rest, name: field }),
    ]),
  )
}
