import * as schema from '@toygres/schema'
import { z } from 'zod'
import { docsOf, type Docs } from './docs.ts'
import { proceduresOfRouter } from './router.ts'
import { comment, equals, field, object, quoted, union } from './text.ts'

type Side = 'input' | 'output'

/** The types of everything that goes in and out of the API, each under the name that `@toygres/schema` gives it. */
export function renderTypes(): string {
  const declared = new Map<string, string>()
  const printer = new Printer(declared, docsOf('packages/schema/src'))
  const entries = proceduresOfRouter().map(({ name, input, output }) => {
    const fields = [
      field({
        name: 'input',
        type: input === null ? 'undefined' : printer.type(input, 'input', 2),
        depth: 2,
      }),
      field({ name: 'output', type: printer.type(output, 'output', 2), depth: 2 }),
    ]
    return field({ name: quoted(name), type: object(fields, 1), depth: 1 })
  })
  const types = [...declared].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
  return [
    ...types,
    `${comment('Part of a list, newest first. `nextCursor` fetches the part after it; null at the end.')}
export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}`,
    `${comment('What each procedure takes and gives; of a stream, one event.')}
export interface Procedures ${object(entries, 0)}\n`,
  ].join('\n\n')
}

const names = new Map<unknown, string>(
  Object.entries(schema).flatMap(([name, value]) => (value instanceof z.ZodType ? [[value, name]] : [])),
)

class Printer {
  readonly #declared: Map<string, string>
  readonly #docs: Docs

  constructor(declared: Map<string, string>, docs: Docs) {
    this.#declared = declared
    this.#docs = docs
  }

  /** How the type is written where it is used; what has a name is declared by the way. */
  type(of: z.core.$ZodType, side: Side, depth: number): string {
    const name = names.get(of)
    if (name === undefined || !isWorthAName(of) || pageItem(of) !== null)
      return this.#write(of, side, { name: '', depth })
    const text = this.#declaration(name, of, side)
    const found = this.#declared.get(name)
    if (found === undefined) this.#declared.set(name, text)
    else if (found !== text) throw new Error(`${name} differs as input and as output: give one another name`)
    return name
  }

  #declaration(name: string, of: z.core.$ZodType, side: Side): string {
    const text = this.#write(of, side, { name, depth: 0 })
    const doc = comment(this.#doc(name, of))
    const declaration = text.startsWith('{')
      ? `export interface ${name} ${text}`
      : `export type ${name} ${equals(text)}`
    return doc === '' ? declaration : `${doc}\n${declaration}`
  }

  /** `name` is the dotted path of the schema from the declaration that it is in. */
  #write(of: z.core.$ZodType, side: Side, { name, depth }: { name: string; depth: number }): string {
    const { def } = (of as z.core.$ZodTypes)._zod
    const inner = (type: z.core.$ZodType) =>
      names.has(type) ? this.type(type, side, depth) : this.#write(type, side, { name, depth })
    switch (def.type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
      case 'unknown':
        return def.type
      case 'date':
        return 'Date'
      case 'enum':
        return this.#enumeration(name, Object.values(def.entries).map(String))
      case 'literal':
        return def.values
          .map((value) => (typeof value === 'string' ? quoted(value) : String(value)))
          .join(' | ')
      case 'nullable':
        return `${inner(def.innerType)} | null`
      case 'optional':
      case 'default':
      case 'prefault':
      case 'readonly':
        return inner(def.innerType)
      case 'pipe':
        // What is only looked at before it is parsed goes in as what it is parsed as.
        return inner(side === 'input' && def.in._zod.def.type !== 'transform' ? def.in : def.out)
      case 'array': {
        const item = inner(def.element)
        return /^[\w.]+$/.test(item) ? `${item}[]` : `Array<${item}>`
      }
      case 'record':
        return `Record<${inner(def.keyType)}, ${inner(def.valueType)}>`
      case 'union':
        return [...new Set(def.options.map((option) => inner(option)))].join(' | ')
      case 'object': {
        const item = pageItem(of)
        return item === null ? this.#object(def.shape, side, { name, depth }) : `Page<${inner(item)}>`
      }
      default:
        throw new Error(`the generator does not know how to write a ${def.type} (in ${name})`)
    }
  }

  #object(
    shape: Record<string, z.core.$ZodType>,
    side: Side,
    { name, depth }: { name: string; depth: number },
  ): string {
    const fields = Object.entries(shape).map(([key, value]) => {
      const path = `${name}.${key}`
      return field({
        name: key,
        type: names.has(value)
          ? this.type(value, side, depth + 1)
          : this.#write(value, side, { name: path, depth: depth + 1 }),
        optional: side === 'input' ? value._zod.optin !== undefined : value._zod.optout === 'optional',
        doc: this.#doc(path, value),
        depth: depth + 1,
      })
    })
    return object(fields, depth)
  }

  #enumeration(name: string, values: readonly string[]): string {
    if (!values.some((value) => this.#docs.has(`${name}.${value}`))) return union(values)
    return values
      .map((value) => {
        const doc = this.#doc(`${name}.${value}`)
        return `${doc === undefined ? '' : `\n${comment(doc, 1)}`}\n  | ${quoted(value)}`
      })
      .join('')
  }

  /** What its schema says about it, else the comment beside it. */
  #doc(path: string, of?: z.core.$ZodType): string | undefined {
    const described = of === undefined ? undefined : z.globalRegistry.get(of)?.description
    return described ?? this.#docs.get(path)
  }
}

/** A string with a rule is a string: only what has parts, or alternatives, is told apart by name. */
function isWorthAName(of: z.core.$ZodType): boolean {
  const { def } = (of as z.core.$ZodTypes)._zod
  if (def.type === 'pipe') return isWorthAName(def.out)
  const { type } = def
  return type === 'object' || type === 'enum' || type === 'record' || (type === 'union' && !isText(of))
}

function isText(of: z.core.$ZodType): boolean {
  const { def } = (of as z.core.$ZodTypes)._zod
  return def.type === 'string' || (def.type === 'union' && def.options.every(isText))
}

/** What a page is a page of; null for what is no page. */
function pageItem(of: z.core.$ZodType): z.core.$ZodType | null {
  const { def } = (of as z.core.$ZodTypes)._zod
  if (def.type !== 'object' || Object.keys(def.shape).join() !== 'items,nextCursor') return null
  const { items } = def.shape
  return items instanceof z.ZodArray ? items.element : null
}
