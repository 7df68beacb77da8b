import { Operation } from '@toygres/schema'
import { z } from 'zod'
import { eventIn } from '../../tracked-stream.ts'
import type { Endpoint } from '../endpoints.ts'
import { placesOf } from '../places.ts'
import type { Schemas } from './json-schema.ts'
import { codesWith } from './problem-schema.ts'

/** Every answer that an endpoint gives, as `answer.ts` and `problem.ts` make them. */
export function responsesOf(endpoint: Endpoint, schemas: Schemas): Record<string, object> {
  const good = endpoint.type === 'subscription' ? streams(endpoint, schemas) : answers(endpoint, schemas)
  const refused = refusals(endpoint).map((status) => [status, { $ref: `#/components/responses/${status}` }])
  return {
    ...Object.fromEntries(refused),
    ...good,
    default: { $ref: '#/components/responses/default' },
  }
}

function answers(endpoint: Endpoint, schemas: Schemas): Record<string, object> {
  const byStatus = Map.groupBy(
    alternatives(endpoint.output).flatMap((output) =>
      statusesOf(endpoint, output).map((status) => ({ status, output })),
    ),
    ({ status }) => status,
  )
  return Object.fromEntries(
    [...byStatus].map(([status, given]) => {
      const [first, ...others] = given.map(({ output }) => schemas.of(output, 'output'))
      const schema = others.length === 0 ? first : { anyOf: [first, ...others] }
      return [
        status,
        {
          description: descriptionOf(status, given[0]?.output),
          headers: headersOf(endpoint, status, given[0]?.output),
          content: { 'application/json': { schema } },
        },
      ]
    }),
  )
}

function descriptionOf(status: number, output: z.ZodType | undefined): string {
  if (status === 202 && !startsOne(output))
    return 'What could begin has begun: each item has an operation of its own, or an error'
  return descriptions[status] ?? 'The answer'
}

const descriptions: Readonly<Record<number, string>> = {
  200: 'The answer',
  201: 'It was created; `Location` names it',
  202: 'It has begun; `Location` names the operation that carries it out',
  503: 'The control plane cannot work now',
}

function alternatives(output: z.ZodType): readonly z.ZodType[] {
  return output instanceof z.ZodUnion
    ? output.options.filter((option) => option instanceof z.ZodType)
    : [output]
}

function statusesOf({ type, status, procedure }: Endpoint, output: z.ZodType): readonly number[] {
  if (status !== undefined) return [status]
  if (procedure === 'system.health') return [200, 503]
  if (type === 'query') return [200]
  if (!startsOne(output)) return [200]
  return fieldsOf(output)['operation'] instanceof z.ZodNullable ? [200, 202] : [202]
}

/** Whether it is, or has, the one operation that a `Location` can name. */
function startsOne(output: z.ZodType | undefined): boolean {
  return output === Operation || (output !== undefined && fieldsOf(output)['operation'] !== undefined)
}

function headersOf(
  endpoint: Endpoint,
  status: number,
  output: z.ZodType | undefined,
): Record<string, object> {
  const fields = output === undefined ? {} : fieldsOf(output)
  const inside = fields['instance'] ?? fields['webhook']
  const about = inside === undefined ? fields : fieldsOf(inside)
  return {
    'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
    ...('idempotencyKey' in endpoint.input.shape && {
      'Idempotent-Replayed': { $ref: '#/components/headers/Idempotent-Replayed' },
    }),
    ...((status === 201 || (status === 202 && startsOne(output))) && {
      Location: { $ref: '#/components/headers/Location' },
    }),
    ...(((status === 202 && startsOne(output)) || output === Operation) && {
      'Retry-After': { $ref: '#/components/headers/Retry-After' },
    }),
    ...(about['etag'] !== undefined && { ETag: { $ref: '#/components/headers/ETag' } }),
  }
}

function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  return schema instanceof z.ZodObject ? schema.shape : {}
}

function streams({ output }: Endpoint, schemas: Schemas): Record<string, object> {
  const event = schemas.of(eventIn(output), 'output')
  return {
    200: {
      description:
        'Server-sent events: the `data` of each is one event, its `id` goes into `Last-Event-ID` when you connect again. After the last one comes an event `end`. One that breaks off may say why in an event `problem`, whose `data` is a Problem; connect again then if it is `retryable`.',
      headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
      content: {
        'text/event-stream': {
          schema: { type: 'string', contentMediaType: 'application/json', contentSchema: event },
        },
      },
    },
    204: {
      description: 'There is nothing more to come',
      headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
    },
  }
}

function refusals(endpoint: Endpoint): readonly number[] {
  const { method, permission, type } = endpoint
  const places = [...placesOf(endpoint)]
  const takes = (where: string) => places.some(([, place]) => place.in === where)
  const has = (field: string) => places.some(([name]) => name === field)
  return [
    400,
    ...(permission === undefined ? [] : [401, 403, 404]),
    // There is no way into an instance that does not run.
    ...(type === 'mutation' || permission === 'instances:connect' ? [409] : []),
    ...(has('etag') ? [412] : []),
    ...(method === 'GET' ? [] : [413]),
    ...(takes('body') ? [415] : []),
    ...(has('idempotencyKey') ? [422] : []),
  ]
}

/** The refusals that endpoints refer to. */
export function refusalComponents(): Record<string, object> {
  const content = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  }
  const headers = {
    'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
    'Retry-After': { $ref: '#/components/headers/Retry-After' },
  }
  const one = (status: number) => ({ description: codesWith(status).join(', '), headers, content })
  return {
    ...Object.fromEntries(
      [400, 401, 403, 404, 409, 412, 413, 415, 422].map((status) => [status, one(status)]),
    ),
    default: {
      description: [429, 500, 503, 504].flatMap((status) => codesWith(status)).join(', '),
      headers,
      content,
    },
  }
}
