import fc from 'fast-check'
import { z } from 'zod'
import { nameIn, type JsonSchema } from './document.ts'

/** Values that are really there, by the name of their schema: without them no request would get past "not found". */
export type Known = Readonly<Record<string, readonly string[]>>

export interface Vocabulary {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  readonly known: Known
}

/** The keywords that the document uses; another one would mean values that this does not make. */
const Keywords = z.strictObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(),
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  required: z.array(z.string()).optional(),
  items: z.record(z.string(), z.unknown()).optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  additionalProperties: z.union([z.boolean(), z.record(z.string(), z.unknown())]).optional(),
  propertyNames: z.record(z.string(), z.unknown()).optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
})

/** Values that a schema allows. */
export function valid(schema: JsonSchema, vocabulary: Vocabulary): fc.Arbitrary<unknown> {
  const asked = Keywords.parse(schema)
  if (asked.$ref !== undefined) return named(nameIn(asked.$ref), vocabulary)
  if (asked.enum !== undefined) return fc.constantFrom(...asked.enum)
  if (asked.const !== undefined) return fc.constant(asked.const)
  if (asked.anyOf !== undefined) return fc.oneof(...asked.anyOf.map((option) => valid(option, vocabulary)))
  if (Array.isArray(asked.type))
    return fc.oneof(...asked.type.map((type) => valid({ ...asked, type }, vocabulary)))
  switch (asked.type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: asked.minimum ?? -1_000_000, max: asked.maximum ?? 1_000_000 })
    case 'number':
      return fc.integer({ min: asked.minimum ?? 1, max: asked.maximum ?? 1_000 })
    case 'string':
      return text(asked)
    case 'array':
      return fc.array(valid(asked.items ?? {}, vocabulary), {
        minLength: asked.minItems ?? 0,
        maxLength: Math.min(asked.maxItems ?? 3, 3),
      })
    case 'object':
      return object(asked, vocabulary)
    default:
      return fc.jsonValue()
  }
}

function named(name: string, vocabulary: Vocabulary): fc.Arbitrary<unknown> {
  const any = valid(vocabulary.schemas[name] ?? {}, vocabulary)
  const known = vocabulary.known[name] ?? []
  return known.length === 0 ? any : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, any)
}

function text({ pattern, format, minLength = 0, maxLength }: z.infer<typeof Keywords>) {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2040-01-01') })
      .map((date) => date.toISOString())
  // Plain http is taken where a setting allows it, of which the document knows nothing.
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] })
  if (pattern !== undefined)
    return (
      fc
        // oxlint-disable-next-line require-unicode-regexp -- JSON Schema's patterns are of either kind
        .stringMatching(new RegExp(pattern, pattern.includes('\\P{') ? 'u' : ''))
        // What is nothing but blanks is as short as nothing.
        .filter((word) => word.trim().length >= minLength && word.length <= (maxLength ?? Infinity))
    )
  return fc.string({ minLength, maxLength: Math.min(maxLength ?? 40, 200) })
}

function object(
  { properties = {}, required = [], additionalProperties, propertyNames }: z.infer<typeof Keywords>,
  vocabulary: Vocabulary,
): fc.Arbitrary<unknown> {
  if (typeof additionalProperties === 'object')
    return fc.dictionary(
      valid(propertyNames ?? { type: 'string' }, vocabulary).map(String),
      valid(additionalProperties, vocabulary),
      { maxKeys: 4 },
    )
  return fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valid(field, vocabulary)])),
    { requiredKeys: required.filter((name) => name in properties) },
  )
}

const hostileTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  'https://hook.test/\0',
  '\uD800',
  "'; drop table instances; --",
  '../../etc/passwd',
  '%00',
  '{"$gt":""}',
  '__proto__',
  'constructor',
  'NaN',
  '-1',
  '1e3',
  '9'.repeat(400),
  'x'.repeat(5_000),
]

const hostileDates = [
  '0001-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
]

const hostileNumbers = [0, -1, 0.5, 1e308, 2 ** 31, 2 ** 53]

/** Values that have broken somebody's server before. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    [[[[[]]]]],
    ...hostileTexts,
    ...hostileDates,
    ...hostileNumbers,
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.jsonValue(),
)

/** Those that get furthest where something like this is asked for. */
export function hostileAs({ type, format }: JsonSchema): readonly unknown[] {
  if (format === 'date-time') return hostileDates
  return type === 'integer' || type === 'number' ? hostileNumbers : hostileTexts
}
