import { ToygresError } from '@toygres/schema'

/** The fields of a request's body. Nothing at all counts as an object without fields. */
export async function readBody(request: Request, { isAskedFor }: { isAskedFor: boolean }) {
  // Fetch gives these none, and would build all of a Request to say so.
  if (request.method === 'GET' || request.method === 'HEAD') return {}
  const bytes = await request.arrayBuffer()
  if (bytes.byteLength === 0) return {}
  // Where no body is asked for, none is refused for its type alone: `curl -d '{}'` says that it sends a form.
  if (isAskedFor && !isJson(request.headers.get('content-type')))
    throw new ToygresError(
      'UNSUPPORTED_MEDIA_TYPE',
      'the body must be JSON: send it with "Content-Type: application/json"',
    )
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ToygresError('INVALID_INPUT', 'the body must be a JSON object')
  const fields: Record<string, unknown> = { ...value }
  return fields
}

function isJson(contentType: string | null): boolean {
  return /^application\/json *(; *charset="?utf-8"? *)?$/i.test(contentType ?? '')
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ToygresError('INVALID_INPUT', 'the body is not JSON in UTF-8', { cause })
  }
}
