// How values travel: as JSON, beside notes of what JSON cannot say. It is superjson's format, of which the API uses dates and
// absence only.

type Notes = Record<string, [type?: string]>

/** A value as it is sent. */
export function encode(value: unknown): object {
  const values: Notes = {}
  noteDates(value, [], values)
  return Object.keys(values).length === 0 ? { json: value } : { json: value, meta: { values } }
}

/** What was sent; undefined for what is not of this format. */
export function decode(sent: unknown): unknown {
  if (!has(sent, 'json')) return undefined
  const notes = has(sent, 'meta') && has(sent.meta, 'values') ? (sent.meta.values as Notes) : {}
  for (const [path, [type]] of Object.entries(notes)) restore(sent.json, keysOf(path), type)
  return sent.json
}

export function has<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && key in value
}

/** Dates become texts by themselves in JSON; that they were dates is said beside it. */
function noteDates(value: unknown, path: readonly string[], notes: Notes): void {
  if (value instanceof Date) notes[path.map((key) => key.replaceAll('.', '\\.')).join('.')] = ['Date']
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) noteDates(inner, [...path, key], notes)
}

/** Puts back what is at the end of this path. */
function restore(from: unknown, keys: string[], type: string | undefined): void {
  const last = keys.pop() ?? ''
  let holder = from
  for (const key of keys) holder = has(holder, key) ? holder[key] : undefined
  if (!has(holder, last)) return
  if (type === 'Date') holder[last] = new Date(String(holder[last]))
  else if (type === 'undefined') holder[last] = undefined
}

/** The keys of a path whose parts are joined by dots; a dot in a key is escaped. */
function keysOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'))
}
