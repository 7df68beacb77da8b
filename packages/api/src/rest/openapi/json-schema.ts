import { z } from 'zod'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** Which way values go: what a caller may leave out is there in an answer. */
export type Direction = 'input' | 'output'

/** Collects what is named on the way, for `#/components/schemas`. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {}

  /** The JSON Schema of what zod checks; what has an `id` becomes a reference. */
  of(schema: z.core.$ZodType, direction: Direction): JsonSchema {
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io: direction,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
        tidy(jsonSchema)
      },
    })
    for (const [name, definition] of Object.entries($defs)) this.#keep(name, asComponents(definition))
    return asComponents(properties?.['it'])
  }

  #keep(name: string, definition: JsonSchema): void {
    const known = this.components[name]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition))
      throw new Error(
        `BUG: ${name} is one thing in a request and another in an answer: give one of them another id`,
      )
    this.components[name] = definition
  }
}

/** Leaves out what says nothing: an answer may get more fields later, and a number has bounds of its own. */
function tidy(schema: JsonSchema): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  delete schema['id']
}

/** With references as OpenAPI has them. */
function asComponents(schema: unknown): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/$defs/', '#/components/schemas/')
        : value,
    ),
  ) as JsonSchema
}
