import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { openApiPath } from '../openapi-file.ts'

export type JsonSchema = { readonly [keyword: string]: unknown }
export const JsonSchema: z.ZodType<JsonSchema> = z.record(z.string(), z.unknown())

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: JsonSchema,
})
export type Parameter = z.infer<typeof Parameter>

const Referring = z.object({ $ref: z.string() })
const Content = z.record(z.string(), z.object({ schema: JsonSchema }))
const Response = z.object({
  headers: z.record(z.string(), z.unknown()).optional(),
  content: Content.optional(),
})

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        parameters: z.array(z.union([Referring, Parameter])),
        requestBody: z.object({ content: Content }).optional(),
        responses: z.record(z.string(), z.union([Referring, Response])),
      }),
    ),
  ),
  components: z.object({
    parameters: z.record(z.string(), Parameter),
    responses: z.record(z.string(), Response),
    schemas: z.record(z.string(), JsonSchema),
  }),
})

/** One operation of the document, with what it refers to in place. */
export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: JsonSchema | undefined
  /** By status; `default` for all others. */
  readonly responses: Readonly<Record<string, z.infer<typeof Response>>>
}

export interface ReadDocument {
  readonly operations: readonly Operation[]
  readonly schemas: Readonly<Record<string, JsonSchema>>
  /** As it is, for who resolves its references. */
  readonly raw: JsonSchema
}

export async function readDocument(): Promise<ReadDocument> {
  const raw = JsonSchema.parse(JSON.parse(await readFile(openApiPath, 'utf8')))
  const { paths, components } = Document.parse(raw)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { operationId, parameters, requestBody, responses }]): Operation => ({
        id: operationId,
        method: method.toUpperCase(),
        path,
        parameters: parameters.map((parameter) =>
          '$ref' in parameter ? found(components.parameters, parameter.$ref) : parameter,
        ),
        body: requestBody?.content['application/json']?.schema,
        responses: Object.fromEntries(
          Object.entries(responses).map(([status, response]) => [
            status,
            '$ref' in response ? found(components.responses, response.$ref) : response,
          ]),
        ),
      }),
    ),
  )
  return { operations, schemas: components.schemas, raw }
}

export function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

function found<Item>(items: Readonly<Record<string, Item>>, ref: string): Item {
  const item = items[nameIn(ref)]
  if (item === undefined) throw new Error(`${ref} refers to nothing`)
  return item
}
