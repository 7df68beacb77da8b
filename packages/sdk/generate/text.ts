// How the generated files are laid out.

const indent = (depth: number): string => '  '.repeat(depth)

export const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** A doc comment; nothing where there is nothing to say. */
export function comment(text: string | undefined, depth = 0): string {
  if (text === undefined) return ''
  const lines = text.split('\n')
  const [only] = lines
  if (lines.length === 1) return `${indent(depth)}/** ${only} */`
  return [
    `${indent(depth)}/**`,
    ...lines.map((line) => `${indent(depth)} * ${line}`),
    `${indent(depth)} */`,
  ].join('\n')
}

/** The literals of these values, in their order. */
export function union(values: readonly string[]): string {
  const literals = values.map(quoted)
  const line = literals.join(' | ')
  return line.length <= 90 ? line : literals.map((literal) => `\n  | ${literal}`).join('')
}

export interface Field {
  readonly name: string
  readonly type: string
  readonly optional?: boolean
  readonly doc?: string | undefined
  readonly depth: number
}

export function field({ name, type, optional = false, doc, depth }: Field): string {
  const line = `${indent(depth)}${name}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''}`
  return doc === undefined ? line : `${comment(doc, depth)}\n${line}`
}

/** `=` and what follows, on lines of their own where it begins on one. */
export const equals = (type: string): string => (type.startsWith('\n') ? `=${type}` : `= ${type}`)

/** An object type whose fields have been rendered one level deeper. */
export function object(fields: readonly string[], depth: number): string {
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n${indent(depth)}}`
}
