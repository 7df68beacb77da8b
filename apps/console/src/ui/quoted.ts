/** One word for a shell, whatever is in it. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** As it stands in TypeScript. */
export function scriptQuoted(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).map(
    ([key, field]) => `${/^[a-z_]\w*$/i.test(key) ? key : scriptQuoted(key)}: ${scriptQuoted(field)}`,
  )
  return `{ ${fields.join(', ')} }`
}
