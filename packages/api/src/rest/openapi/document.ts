import * as vocabulary from '@toygres/schema'
import type { z } from 'zod'
import { endpoints, type Endpoint } from '../endpoints.ts'
import { Schemas, type JsonSchema } from './json-schema.ts'
import { Problem } from './problem-schema.ts'
import { requestOf } from './requests.ts'
import { refusalComponents, responsesOf } from './responses.ts'

/** What the vocabulary's comments say about a schema (`Instance`) or a field of one (`Instance.host`). */
export type Comments = ReadonlyMap<string, string>

export interface OpenApiOptions {
  readonly version: string
  readonly comments: Comments
}

/** The OpenAPI 3.1 document of the REST API, from the declarations of its procedures. */
export function openApiDocument({ version, comments }: OpenApiOptions): object {
  const schemas = new Schemas()
  const paths: Record<string, Record<string, object>> = {}
  for (const endpoint of endpoints)
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint, schemas, comments)
  const projectId = schemas.of(vocabulary.ProjectIdOrName, 'input')
  schemas.of(Problem, 'output')
  return {
    openapi: '3.1.0',
    info: {
      title: 'Toygres',
      version,
      summary: 'PostgreSQL instances as a service',
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The control plane that serves this document' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name, description: tags[name] ?? name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key: `toygres keys create` makes one.',
        },
      },
      parameters: {
        'X-Request-Timeout': {
          name: 'X-Request-Timeout',
          in: 'header',
          description: 'Seconds after which the answer is of no use: what goes on by then is given up.',
          schema: { type: 'number', exclusiveMinimum: 0, maximum: 600 },
        },
        'Toygres-Project': {
          name: 'Toygres-Project',
          in: 'header',
          description: 'The project to act in, for a key that may act in more than one.',
          schema: projectId,
        },
      },
      headers,
      responses: refusalComponents(),
      schemas: described(schemas.components, comments),
    },
  }
}

const introduction = [
  'What takes time answers 202 with an operation: follow it at its `Location`, with `?wait=SECONDS` or as events, until it is `done`.',
  'Lists come in pages: ask for the next one with `cursor`, from `nextCursor`, until that is null.',
  'Refusals are problems as of RFC 9457: decide by `code`. Every answer has an `X-Request-Id`, yours where you sent one.',
].join('\n\n')

const tags: Readonly<Record<string, string>> = {
  instances: 'PostgreSQL servers',
  operations: 'What changes them, step by step',
  health: 'How they are, and were',
  drift: 'What is not as it should be',
  keys: 'Who may call',
  projects: 'Tenants and their quotas',
  audit: 'Who did what',
  system: 'The control plane itself',
}

const headers = {
  'X-Request-Id': {
    description: 'Names the request in the log of the control plane.',
    schema: { type: 'string' },
  },
  'Idempotent-Replayed': {
    description:
      '`true` when this is the answer that was given to the first request with the same `Idempotency-Key`.',
    schema: { type: 'string' },
  },
  Location: {
    description: 'What was created, or the operation that was started.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds after which to ask again.', schema: { type: 'integer' } },
  ETag: {
    description: 'For `If-Match`: changes when a caller changes the resource.',
    schema: { type: 'string' },
  },
}

function operationOf(endpoint: Endpoint, schemas: Schemas, comments: Comments): object {
  const { procedure, summary, permission } = endpoint
  const name = nameOf(endpoint.input)
  const describe = ({ input }: Endpoint, field: string) => saidOf(comments, `${nameOf(input)}.${field}`)
  const said = name === undefined ? undefined : saidOf(comments, name)
  const needs = permission === undefined ? 'Needs no key.' : `Needs the permission \`${permission}\`.`
  return {
    operationId: procedure,
    summary,
    description: said === undefined ? needs : `${said}\n\n${needs}`,
    tags: [tagOf(endpoint)],
    ...(permission === undefined && { security: [] }),
    ...requestOf(endpoint, schemas, describe),
    responses: responsesOf(endpoint, schemas),
  }
}

function tagOf({ procedure }: Endpoint): string {
  return procedure.split('.')[0] ?? procedure
}

const names = new Map<unknown, string>(Object.entries(vocabulary).map(([name, schema]) => [schema, name]))

function nameOf(schema: z.ZodType): string | undefined {
  return names.get(schema)
}

/** In one line: where a comment breaks its lines says nothing. */
function saidOf(comments: Comments, about: string): string | undefined {
  return comments.get(about)?.replaceAll(/\s+/g, ' ')
}

/** Components are called as the constants that they come from: so are the comments on them. */
function described(components: Record<string, JsonSchema>, comments: Comments): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(components)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, component]) => {
        const description = component.description ?? saidOf(comments, name)
        return [
          name,
          {
            ...component,
            ...(description !== undefined && { description }),
            ...(component.properties && {
              properties: fieldsDescribed(name, component.properties, comments),
            }),
          },
        ]
      }),
  )
}

function fieldsDescribed(name: string, fields: NonNullable<JsonSchema['properties']>, comments: Comments) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, schema]) => {
      const description = saidOf(comments, `${name}.${field}`)
      return [
        field,
        description === undefined || typeof schema === 'boolean' ? schema : { description, ...schema },
      ]
    }),
  )
}
