import type { ErrorCode } from './generated/errors.ts'
import type { FieldError, Operation, QuotaUse } from './types.ts'

/** The codes that errors of this package carry: the API's, and three of its own. */
export type ToygresErrorCode = ErrorCode | 'OPERATION_FAILED' | 'OPERATION_CANCELLED' | 'WAIT_TIMEOUT'

export interface ToygresErrorOptions {
  requestId?: string | undefined
  retryable?: boolean | undefined
  retryAfterMs?: number | undefined
  operationId?: string | undefined
  fields?: FieldError[] | undefined
  quota?: QuotaUse | undefined
  cause?: unknown
}

/** Every error of this package. `message` is one sentence that says what to do. */
export class ToygresError extends Error {
  override name = 'ToygresError'
  /** Stable: decide by it, or by the class, not by the message. */
  readonly code: ToygresErrorCode
  /** Names the call in the control plane's log; undefined when no answer came. */
  readonly requestId: string | undefined
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** How long the control plane asks to wait before that. */
  readonly retryAfterMs: number | undefined
  /** The operation that is in the way, or that it is about. */
  readonly operationId: string | undefined
  /** The fields of the input that were refused. */
  readonly fields: FieldError[] | undefined
  /** The quota of the project that is used up. */
  readonly quota: QuotaUse | undefined

  constructor(code: ToygresErrorCode, message: string, options: ToygresErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.requestId = options.requestId
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
    this.operationId = options.operationId
    this.fields = options.fields
    this.quota = options.quota
  }
}

/** The input breaks a rule, which the message names; see `fields`. */
export class InvalidInputError extends ToygresError {
  override name = 'InvalidInputError'
}

/** The API key is missing, wrong or no longer valid. */
export class UnauthenticatedError extends ToygresError {
  override name = 'UnauthenticatedError'
}

/** The API key is good, but its role may not do this. */
export class PermissionDeniedError extends ToygresError {
  override name = 'PermissionDeniedError'
}

/** There is no such thing, or not for you: an instance, an operation, a project, a key. */
export class NotFoundError extends ToygresError {
  override name = 'NotFoundError'
}

/** The call does not fit the state of things: a name is taken, another operation runs (`operationId`), a quota is used up (`quota`). */
export class ConflictError extends ToygresError {
  override name = 'ConflictError'
}

/** Too many calls in too short a time: `retryAfterMs` says when there is room again. */
export class RateLimitedError extends ToygresError {
  override name = 'RateLimitedError'
}

/** The control plane cannot be reached, or says that it cannot work now. */
export class UnavailableError extends ToygresError {
  override name = 'UnavailableError'
}

/** Something broke inside the control plane; its log tells what, under `requestId`. */
export class InternalError extends ToygresError {
  override name = 'InternalError'
}

/** The operation that was waited for ended as `failed` or `cancelled`. */
export class OperationFailedError extends ToygresError {
  override name = 'OperationFailedError'
  /** The operation as it ended; `operation.error` tells which step failed, and why. */
  readonly operation: Operation

  constructor(operation: Operation) {
    const cancelled = operation.state === 'cancelled'
    super(
      cancelled ? 'OPERATION_CANCELLED' : 'OPERATION_FAILED',
      operation.error?.message ??
        `operation ${operation.id} (${operation.workflow}) has ${cancelled ? 'been cancelled' : 'failed'}`,
      { operationId: operation.id },
    )
    this.operation = operation
  }
}

/** The operation had not ended after `timeoutMs`. It goes on: it can be waited for again. */
export class WaitTimeoutError extends ToygresError {
  override name = 'WaitTimeoutError'

  constructor(operationId: string, timeoutMs: number) {
    super('WAIT_TIMEOUT', `operation ${operationId} has not ended within ${timeoutMs / 1000} s; it goes on`, {
      operationId,
      retryable: true,
    })
  }
}
