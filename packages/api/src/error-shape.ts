import { errorCatalog, type ErrorCode, type FieldError, type QuotaUse } from '@toygres/schema/errors'
import type { TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODE_NUMBER } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { refusalOf } from './refusal.ts'

// Written out, not inferred: the type of the router names it, and the SDK ships that type.

/** What every refused call carries. */
export interface ApiErrorData {
  /** Stable: programs decide by it. */
  code: ErrorCode
  httpStatus: number
  /** Whether the same call may succeed later. */
  retryable: boolean
  /** Names the call in the control plane's log. */
  requestId?: string
  /** When the same call may succeed, at the earliest. */
  retryAfterSeconds?: number
  /** The operation that is in the way. */
  activeOperationId?: string
  /** The fields of the input that were refused. */
  errors?: FieldError[]
  /** The quota of the project that is used up. */
  quota?: QuotaUse
}

/** The error object of the wire format. */
export interface ApiErrorShape {
  /** One sentence that says what to do. */
  message: string
  code: TRPC_ERROR_CODE_NUMBER
  data: ApiErrorData
}

type HttpStatus = (typeof errorCatalog)[ErrorCode]['httpStatus']

/** tRPC clients decide by its number whether to connect to a subscription again. */
const wireCodes: Record<HttpStatus, TRPC_ERROR_CODE_KEY> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  499: 'CLIENT_CLOSED_REQUEST',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
}

export function errorShape(error: unknown, requestId?: string): ApiErrorShape {
  const { code, message, details } = refusalOf(error, requestId)
  const { httpStatus, retryable } = errorCatalog[code]
  const context = requestId === undefined ? {} : { requestId }
  return {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[wireCodes[httpStatus]],
    data: { code, httpStatus, retryable, ...context, ...details },
  }
}
