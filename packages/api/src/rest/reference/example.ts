import { nameIn, type OpenApi, type Operation, type Schema } from './document.ts'

/** Values that read like somebody's, for what has a pattern and so cannot be made up. */
const samples: Readonly<Record<string, unknown>> = {
  InstanceName: 'orders',
  InstanceIdOrName: 'orders',
  ProjectName: 'shop',
  ProjectIdOrName: 'shop',
  Labels: { team: 'checkout' },
}

/** A call that can be pasted into a shell, with what must be given. */
export function curlOf(document: OpenApi, method: string, path: string, operation: Operation): string {
  const places = operation.parameters.flatMap((parameter) => ('$ref' in parameter ? [] : [parameter]))
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = places.find((parameter) => parameter.name === name)?.schema
    const sample = schema?.$ref === undefined ? undefined : samples[nameIn(schema.$ref)]
    return typeof sample === 'string' ? sample : '$ID'
  })
  const body = operation.requestBody?.content['application/json']?.schema
  const streams =
    operation.responses['200'] && 'content' in operation.responses['200']
      ? operation.responses['200'].content?.['text/event-stream'] !== undefined
      : false
  return [
    `curl ${streams ? '-N ' : ''}${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"$TOYGRES_URL${url}"`,
    ...(operation.security === undefined ? ['-H "Authorization: Bearer $TOYGRES_API_KEY"'] : []),
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(sampleOf(document, body))}'`]),
  ].join(' \\\n  ')
}

/** What must be in it; of what need not be, the first, so that it says something. */
function sampleOf(document: OpenApi, schema: Schema): unknown {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref)
    return samples[name] ?? sampleOf(document, document.components.schemas[name] ?? {})
  }
  if (schema.default !== undefined) return schema.default
  if (schema.enum !== undefined) return schema.enum[0]
  const [first] = schema.anyOf ?? []
  if (first !== undefined) return sampleOf(document, first)
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {})
      const needed = fields.filter(([name]) => schema.required?.includes(name))
      const shown = needed.length > 0 ? needed : fields.slice(0, 1)
      return Object.fromEntries(shown.map(([name, field]) => [name, sampleOf(document, field)]))
    }
    case 'array':
      return [sampleOf(document, schema.items ?? {})]
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, Math.min(10, schema.maximum ?? 10))
    case 'boolean':
      return true
    default:
      return 'text'
  }
}
