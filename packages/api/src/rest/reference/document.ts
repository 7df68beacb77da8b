import { z } from 'zod'

// The parts of our own OpenAPI document that the reference page shows.

const Referring = z.object({ $ref: z.string() })

interface SchemaShape {
  $ref?: string | undefined
  type?: string | string[] | undefined
  format?: string | undefined
  description?: string | undefined
  enum?: (string | number)[] | undefined
  default?: unknown
  pattern?: string | undefined
  minimum?: number | undefined
  maximum?: number | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  required?: string[] | undefined
  properties?: Record<string, SchemaShape> | undefined
  items?: SchemaShape | undefined
  anyOf?: SchemaShape[] | undefined
  additionalProperties?: SchemaShape | boolean | undefined
}

export const Schema: z.ZodType<SchemaShape> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.union([z.string(), z.number()])).optional(),
    default: z.unknown().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), Schema).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
  }),
)
export type Schema = SchemaShape

export const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  description: z.string().default(''),
  schema: Schema,
})
export type Parameter = z.infer<typeof Parameter>

const Content = z.record(z.string(), z.object({ schema: Schema }))

export const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  tags: z.tuple([z.string()]),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.union([Referring, Parameter])),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.union([Referring, z.object({ description: z.string(), content: Content.optional() })]),
  ),
})
export type Operation = z.infer<typeof Operation>

export const OpenApi = z.object({
  info: z.object({ title: z.string(), version: z.string(), summary: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({
    parameters: z.record(z.string(), Parameter),
    responses: z.record(z.string(), z.object({ description: z.string() })),
    schemas: z.record(z.string(), Schema),
  }),
})
export type OpenApi = z.infer<typeof OpenApi>

/** What a reference into the components is called. */
export function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}
