import type { ApiErrorData, AppRouter } from '@toygres/api/router'
import { isTRPCClientError } from '@trpc/client'
import { ErrorEvent } from 'eventsource'
import {
  ConflictError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  PermissionDeniedError,
  ToygresError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts'

/** What the caller gets for whatever a call to this control plane threw. */
export function errorFrom(thrown: unknown, url: string): unknown {
  if (!isTRPCClientError<AppRouter>(thrown)) return thrown
  if (thrown.cause instanceof ToygresError) return thrown.cause
  if (thrown.data) return refusal(thrown.message, thrown.data)
  const status = statusOfStream(thrown.cause) ?? statusOfAnswer(thrown.meta)
  return status === undefined ? unreachable(url, thrown.cause) : notToygres(url, status)
}

/** The HTTP status that an event stream was answered with where it was not one. */
function statusOfStream(cause: unknown): number | undefined {
  return cause instanceof ErrorEvent ? cause.code : undefined
}

/** The HTTP status of an answer that was JSON, but nothing that a control plane says: of a proxy, or another program. */
function statusOfAnswer(meta: Record<string, unknown> | undefined): number | undefined {
  const response = meta?.['response']
  return response instanceof Response ? response.status : undefined
}

/** No answer came, or none from a control plane. */
export function unreachable(url: string, cause?: unknown): UnavailableError {
  return new UnavailableError('UNAVAILABLE', `cannot reach the control plane at ${url}: is it running?`, {
    retryable: true,
    cause,
  })
}

/** An answer came that no control plane gives. */
export function notToygres(url: string, status: number): ToygresError {
  return isGatewayFailure(status)
    ? unreachable(url)
    : new InternalError(
        'INTERNAL',
        `${url} does not answer like a Toygres control plane (HTTP ${status}): check the URL`,
      )
}

function refusal(message: string, data: ApiErrorData): ToygresError {
  const { code, requestId, retryable, activeOperationId, errors } = data
  return new (classOf(code))(code, message, {
    requestId,
    retryable,
    operationId: activeOperationId,
    fields: errors,
  })
}

function classOf(code: ApiErrorData['code']): typeof ToygresError {
  switch (code) {
    case 'INVALID_INPUT':
    case 'METHOD_NOT_ALLOWED':
    case 'PAYLOAD_TOO_LARGE':
    case 'UNSUPPORTED_MEDIA_TYPE':
      return InvalidInputError
    case 'UNAUTHENTICATED':
      return UnauthenticatedError
    case 'PERMISSION_DENIED':
      return PermissionDeniedError
    case 'INSTANCE_NOT_FOUND':
    case 'OPERATION_NOT_FOUND':
    case 'API_KEY_NOT_FOUND':
    case 'PROJECT_NOT_FOUND':
    case 'NOT_FOUND':
      return NotFoundError
    case 'INSTANCE_NAME_TAKEN':
    case 'API_KEY_NOT_ACTIVE':
    case 'PROJECT_NAME_TAKEN':
    case 'PROJECT_NOT_EMPTY':
    case 'QUOTA_EXCEEDED':
    case 'INSTANCE_NOT_RUNNING':
    case 'OPERATION_IN_PROGRESS':
    case 'OPERATION_NOT_CANCELLABLE':
    case 'OPERATION_DONE':
    case 'IDEMPOTENCY_KEY_IN_PROGRESS':
    case 'IDEMPOTENCY_KEY_REUSED':
    case 'ETAG_MISMATCH':
      return ConflictError
    case 'RATE_LIMITED':
    case 'DEADLINE_EXCEEDED':
    case 'CALLER_GONE':
    case 'UNAVAILABLE':
      return UnavailableError
    case 'INTERNAL':
      return InternalError
    default:
      return ofNewerServer(code)
  }
}

/** A control plane that is newer than this package may know codes that it does not. */
function ofNewerServer(_code: never): typeof ToygresError {
  return ToygresError
}

function isGatewayFailure(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}
