import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Comments by what they stand beside: `Instance`, `Instance.host`, `HealthReason.refused`. */
export type Docs = ReadonlyMap<string, string>

/** The doc comments of the schemas in a folder: what is written for those who read them there serves the SDK's users as well. */
export function docsOf(folder: string): Docs {
  const docs = new Map<string, string>()
  const constants = new Map<string, ts.Expression>()
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    const text = readFileSync(join(folder, name), 'utf8')
    for (const statement of ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true).statements)
      if (ts.isVariableStatement(statement))
        for (const { name, initializer } of statement.declarationList.declarations) {
          if (!ts.isIdentifier(name) || initializer === undefined) continue
          constants.set(name.text, initializer)
          note(docs, name.text, statement)
        }
  }
  for (const [name, value] of constants) collect(value, name, { docs, constants })
  return docs
}

interface Collection {
  readonly docs: Map<string, string>
  /** What the schemas are made from, by its name. */
  readonly constants: ReadonlyMap<string, ts.Expression>
}

/** Notes the comments of every field and value in there, those of objects that are spread into it included. */
function collect(node: ts.Node, path: string, { docs, constants }: Collection): void {
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property) && ts.isIdentifier(property.expression)) {
        const spread = constants.get(property.expression.text)
        if (spread !== undefined) collect(spread, path, { docs, constants })
      } else if (property.name !== undefined && ts.isIdentifier(property.name)) {
        const field = `${path}.${property.name.text}`
        note(docs, field, property)
        const type = ts.isShorthandPropertyAssignment(property) ? docs.get(property.name.text) : undefined
        if (type !== undefined && !docs.has(field)) docs.set(field, type)
        if (ts.isPropertyAssignment(property)) collect(property.initializer, field, { docs, constants })
      }
    }
    return
  }
  if (ts.isArrayLiteralExpression(node))
    for (const element of node.elements)
      if (ts.isStringLiteral(element)) note(docs, `${path}.${element.text}`, element)
  ts.forEachChild(node, (child) => collect(child, path, { docs, constants }))
}

function note(docs: Map<string, string>, path: string, node: ts.Node): void {
  const { text } = node.getSourceFile()
  const comment = ts.getLeadingCommentRanges(text, node.pos)?.at(-1)
  const written = comment === undefined ? '' : text.slice(comment.pos, comment.end)
  if (!written.startsWith('/**')) return
  const lines = written
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
  docs.set(path, lines.join('\n').trim())
}
