// Plain TypeScript, without zod: the SDK ships these types.

/** Every code that a call can be refused with, and what a client may do about it. */
export const errorCatalog = {
  INVALID_INPUT: { httpStatus: 400, retryable: false },
  UNAUTHENTICATED: { httpStatus: 401, retryable: false },
  PERMISSION_DENIED: { httpStatus: 403, retryable: false },
  INSTANCE_NOT_FOUND: { httpStatus: 404, retryable: false },
  OPERATION_NOT_FOUND: { httpStatus: 404, retryable: false },
  API_KEY_NOT_FOUND: { httpStatus: 404, retryable: false },
  WEBHOOK_NOT_FOUND: { httpStatus: 404, retryable: false },
  PROJECT_NOT_FOUND: { httpStatus: 404, retryable: false },
  NOT_FOUND: { httpStatus: 404, retryable: false },
  METHOD_NOT_ALLOWED: { httpStatus: 405, retryable: false },
  INSTANCE_NAME_TAKEN: { httpStatus: 409, retryable: false },
  API_KEY_NOT_ACTIVE: { httpStatus: 409, retryable: false },
  PROJECT_NAME_TAKEN: { httpStatus: 409, retryable: false },
  PROJECT_NOT_EMPTY: { httpStatus: 409, retryable: false },
  QUOTA_EXCEEDED: { httpStatus: 409, retryable: false },
  INSTANCE_NOT_RUNNING: { httpStatus: 409, retryable: true },
  OPERATION_IN_PROGRESS: { httpStatus: 409, retryable: true },
  IDEMPOTENCY_KEY_IN_PROGRESS: { httpStatus: 409, retryable: true },
  OPERATION_NOT_CANCELLABLE: { httpStatus: 409, retryable: false },
  OPERATION_DONE: { httpStatus: 409, retryable: false },
  ETAG_MISMATCH: { httpStatus: 412, retryable: false },
  PAYLOAD_TOO_LARGE: { httpStatus: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { httpStatus: 415, retryable: false },
  IDEMPOTENCY_KEY_REUSED: { httpStatus: 422, retryable: false },
  RATE_LIMITED: { httpStatus: 429, retryable: true },
  CALLER_GONE: { httpStatus: 499, retryable: true },
  INTERNAL: { httpStatus: 500, retryable: true },
  UNAVAILABLE: { httpStatus: 503, retryable: true },
  DEADLINE_EXCEEDED: { httpStatus: 504, retryable: true },
} as const satisfies Record<string, { httpStatus: number; retryable: boolean }>

export type ErrorCode = keyof typeof errorCatalog

/** One field of the input that was refused; `path` is dotted, empty for the whole input. */
export interface FieldError {
  path: string
  message: string
}

/** What a project may have at most of something, and has. */
export interface QuotaUse {
  of: 'instances' | 'operations' | 'webhooks'
  limit: number
  used: number
}

export interface ErrorDetails {
  /** The operation that is in the way. */
  activeOperationId?: string
  /** The fields of the input that were refused. */
  errors?: FieldError[]
  /** When the same call may succeed, at the earliest. */
  retryAfterSeconds?: number
  /** The quota that is used up. */
  quota?: QuotaUse
}

/** A refusal that the caller is meant to see: the message says what to do next and holds no secret. */
export class ToygresError extends Error {
  override readonly name = 'ToygresError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }
}
