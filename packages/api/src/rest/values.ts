import { z } from 'zod'

// What arrives as text or JSON becomes what the schema asks for where it can be read as that, and stays as it is where it
// cannot: the schema then refuses it in its own words.

/** A value from a path, a query or a header. */
export function fromText(schema: z.core.$ZodType, text: string): unknown {
  const asked = core(schema)
  if (asked instanceof z.ZodNumber) return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
  if (asked instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text)
  return fromJson(schema, text)
}

/** A value from a body: JSON has no dates. */
export function fromJson(schema: z.core.$ZodType, value: unknown): unknown {
  const asked = core(schema)
  if (asked instanceof z.ZodDate) return typeof value === 'string' ? dateIn(value) : value
  if (asked instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => fromJson(asked.element, item))
  if (asked instanceof z.ZodObject && typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => {
        const known = Object.hasOwn(asked.shape, name) ? asked.shape[name] : undefined
        return [name, known === undefined ? field : fromJson(known, field)]
      }),
    )
  return value
}

/** Without what only says whether a value must be there. */
function core(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
    ? core(schema.unwrap())
    : schema
}

const DateTime = z.iso.datetime({ offset: true })

function dateIn(text: string): Date | string {
  return DateTime.safeParse(text).success ? new Date(text) : text
}
