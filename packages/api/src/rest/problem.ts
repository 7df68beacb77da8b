import { errorCatalog, type ErrorCode } from '@toygres/schema'
import { errorShape } from '../error-shape.ts'
import { isOfSchema, sentences } from '../refusal.ts'
import type { Endpoint } from './endpoints.ts'
import { placesOf } from './places.ts'

/** When to try again what may succeed later, where nothing better is known. */
const soon = 1

/** The answer to a request that was refused. */
export function problem(error: unknown, requestId: string, endpoint?: Endpoint): Response {
  const body = problemOf(error, requestId, endpoint)
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: headersOf(body.code, body.retryAfterSeconds),
  })
}

/** An error by RFC 9457, with what the error object of tRPC says too. */
export function problemOf(error: unknown, requestId: string, endpoint?: Endpoint) {
  const {
    message,
    data: { code, httpStatus, errors, ...data },
  } = errorShape(error, requestId)
  const refused = errors?.map(({ path, ...rest }) => ({ path: asSent(path, endpoint), ...rest }))
  return {
    type: `/docs#${code}`,
    title: titleOf(code),
    status: httpStatus,
    detail: refused && isOfSchema(error) ? sentences(refused) : message,
    code,
    ...data,
    ...(refused && { errors: refused }),
  }
}

/** `INSTANCE_NOT_FOUND` is "Instance not found". */
export function titleOf(code: ErrorCode): string {
  return code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ')
}

/** A field by the name that it has in the request. */
function asSent(path: string, endpoint: Endpoint | undefined): string {
  const [field = '', ...within] = path.split('.')
  const name = endpoint === undefined ? undefined : placesOf(endpoint).get(field)?.name
  return [name ?? field, ...within].join('.')
}

function headersOf(code: ErrorCode, retryAfterSeconds = soon): Record<string, string> {
  const { httpStatus, retryable } = errorCatalog[code]
  return {
    'Content-Type': 'application/problem+json',
    ...(httpStatus === 401 && { 'WWW-Authenticate': 'Bearer' }),
    // What broke inside is no better a second later.
    ...(retryable && httpStatus !== 500 && { 'Retry-After': String(retryAfterSeconds) }),
  }
}
