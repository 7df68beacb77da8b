import { z } from 'zod'
import type { Endpoint } from '../endpoints.ts'
import { placesOf, type Place } from '../places.ts'
import type { JsonSchema, Schemas } from './json-schema.ts'

/** What is said about a field of a procedure's input. */
export type Describe = (endpoint: Endpoint, field: string) => string | undefined

/** Fields that many endpoints take, in the words of HTTP. */
const wellKnown: Readonly<Record<string, string>> = {
  idempotencyKey:
    'Makes the request safe to send again: with the same key it gets the answer that was given first. A key is good for 24 hours and for one request.',
  etag: 'Acts only while the resource still has this `ETag`, or one of a list of them; otherwise 412. A weak one (`W/"…"`) is never that of a resource.',
  lastEventId: 'The `id` of the last event that you have; without it, every event is sent.',
  cursor: 'The `nextCursor` of the page before; without it, the first page.',
  limit: 'The most items that a page has.',
  validateOnly: 'Checks everything, answers with the plan, and does nothing.',
}

/** The parameters and the body of an endpoint. */
export function requestOf(endpoint: Endpoint, schemas: Schemas, describe: Describe): object {
  const fields = [...placesOf(endpoint)].map(([field, place]) => ({ field, place }))
  const parameters = fields.flatMap(({ field, place }) =>
    place.in === 'body' ? [] : [parameterOf(endpoint, field, place, schemas, describe)],
  )
  const inBody = fields.filter(({ place }) => place.in === 'body').map(({ field }) => field)
  const always =
    endpoint.permission === undefined ? ['X-Request-Timeout'] : ['Toygres-Project', 'X-Request-Timeout']
  return {
    parameters: [...parameters, ...always.map((name) => ({ $ref: `#/components/parameters/${name}` }))],
    ...(inBody.length > 0 && { requestBody: bodyOf(endpoint, inBody, schemas, describe) }),
  }
}

function parameterOf(
  endpoint: Endpoint,
  field: string,
  place: Place,
  schemas: Schemas,
  describe: Describe,
): object {
  const schema = schemaOf(endpoint, field, schemas)
  const description = wellKnown[field] ?? describe(endpoint, field)
  return {
    name: place.name,
    in: place.in,
    ...(isNeeded(endpoint, field) && { required: true }),
    ...(description !== undefined && { description }),
    schema,
  }
}

function bodyOf(endpoint: Endpoint, fields: readonly string[], schemas: Schemas, describe: Describe): object {
  const properties = Object.fromEntries(
    fields.map((field) => {
      const description = describe(endpoint, field)
      const schema = schemaOf(endpoint, field, schemas)
      return [field, description === undefined ? schema : { ...schema, description }]
    }),
  )
  const required = fields.filter((field) => isNeeded(endpoint, field))
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties,
          ...(required.length > 0 && { required }),
          additionalProperties: false,
        },
      },
    },
  }
}

function schemaOf({ input }: Endpoint, field: string, schemas: Schemas): JsonSchema {
  const schema = input.shape[field]
  if (schema === undefined) throw new Error(`BUG: no field ${field}`)
  return schemas.of(schema, 'input')
}

function isNeeded({ input }: Endpoint, field: string): boolean {
  const schema = input.shape[field]
  return schema !== undefined && !z.safeParse(schema, undefined).success
}
