import { html } from 'hono/html'
import { nameIn, type Schema } from './document.ts'

type Html = ReturnType<typeof html>

/** A type in a few words, with links to what has a name. */
export function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref)
    return html`<a href="#schema-${name}">${name}</a>`
  }
  if (schema.anyOf !== undefined) return joined(schema.anyOf.map(typeOf), ' or ')
  if (schema.enum !== undefined)
    return joined(
      schema.enum.map((value) => html`<code>${value}</code>`),
      ', ',
    )
  if (schema.type === 'array') return html`list of ${typeOf(schema.items ?? {})}`
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return html`map of ${typeOf(schema.additionalProperties)}`
  if (schema.type === 'object' && schema.properties !== undefined)
    return html`object:
    ${joined(
      Object.entries(schema.properties).map(([name, field]) => html`<code>${name}</code> ${typeOf(field)}`),
      ', ',
    )}`
  const type = [schema.type ?? 'anything'].flat().join(' or ')
  return html`${schema.format ?? type}${limits(schema)}`
}

function limits({ minimum, maximum, maxLength, pattern, default: unlessTold }: Schema): Html {
  const said = [
    ...(minimum === undefined ? [] : [html`from ${minimum}`]),
    ...(maximum === undefined ? [] : [html`to ${maximum}`]),
    ...(maxLength === undefined ? [] : [html`at most ${maxLength} characters`]),
    ...(pattern === undefined ? [] : [html`matching <code>${pattern}</code>`]),
    ...(unlessTold === undefined ? [] : [html`<code>${JSON.stringify(unlessTold)}</code> unless told`]),
  ]
  return said.length === 0 ? html`` : html`, ${joined(said, ' ')}`
}

/** The fields of an object, one a row. */
export function fieldsTable({ properties = {}, required = [] }: Schema): Html {
  return table(
    Object.entries(properties).map(([name, field]) => [
      html`<code>${name}</code>${required.includes(name) ? '' : html` <small>optional</small>`}`,
      typeOf(field),
      prose(field.description ?? ''),
    ]),
  )
}

export function table(rows: readonly (readonly Html[])[]): Html {
  return html`<table>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`
}

/** Text with `code` in it. */
export function prose(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`
}

function joined(parts: readonly Html[], separator: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`))}`
}

export { html, type Html }
