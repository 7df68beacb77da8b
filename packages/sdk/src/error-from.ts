import {
  ConflictError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  ToygresError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts'
import type { ErrorCode } from './generated/errors.ts'
import type { FieldError, QuotaUse } from './types.ts'
import { decode, has } from './wire.ts'

/** What a refusal says about itself on its way here. */
export interface RefusalData {
  code: ErrorCode
  httpStatus: number
  retryable: boolean
  requestId?: string
  retryAfterSeconds?: number
  activeOperationId?: string
  errors?: FieldError[]
  quota?: QuotaUse
}

/** What the caller gets for an answer that is not the one that was asked for. */
export function errorFrom(answer: unknown, response: Response, url: string): ToygresError {
  const refusal = has(answer, 'error') ? decode(answer.error) : undefined
  if (!has(refusal, 'data') || !has(refusal.data, 'code') || !has(refusal, 'message'))
    return notToygres(url, response)
  const data = refusal.data as RefusalData
  return new (classOf(data.httpStatus))(data.code, String(refusal.message), {
    requestId: data.requestId,
    retryable: data.retryable,
    retryAfterMs:
      data.retryAfterSeconds === undefined ? retryAfterMs(response) : data.retryAfterSeconds * 1000,
    operationId: data.activeOperationId,
    fields: data.errors,
    quota: data.quota,
  })
}

/** No answer came, or none from a control plane. */
export function unreachable(url: string, cause?: unknown): UnavailableError {
  return new UnavailableError('UNAVAILABLE', `cannot reach the control plane at ${url}: is it running?`, {
    retryable: true,
    cause,
  })
}

/** It was waited for so long, and nothing came: somebody is there, and may be nobody who will ever answer. */
export function unanswered(url: string, waitedMs: number, cause: unknown): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    `no answer from the control plane at ${url} within ${Math.round(waitedMs / 1000)} s: is it stuck, or is that another program?`,
    { retryable: true, cause },
  )
}

/** An answer came that no control plane gives: of a proxy, or another program. */
export function notToygres(url: string, response: Response): ToygresError {
  const { status } = response
  if (status === 502 || status === 503 || status === 504) {
    const error = unreachable(url)
    return new UnavailableError(error.code, error.message, {
      retryable: true,
      retryAfterMs: retryAfterMs(response),
    })
  }
  return new InternalError(
    'INTERNAL',
    `${url} does not answer like a Toygres control plane (HTTP ${status}): check the URL`,
  )
}

/** By the status, so that codes that a newer control plane may have find their class, too. */
function classOf(httpStatus: number): typeof ToygresError {
  switch (httpStatus) {
    case 400:
    case 405:
    case 413:
    case 415:
      return InvalidInputError
    case 401:
      return UnauthenticatedError
    case 403:
      return PermissionDeniedError
    case 404:
      return NotFoundError
    case 409:
    case 412:
    case 422:
      return ConflictError
    case 429:
      return RateLimitedError
    case 499:
    case 503:
    case 504:
      return UnavailableError
    case 500:
      return InternalError
    default:
      return ToygresError
  }
}

/** As `Retry-After` says it: seconds, or a date. */
function retryAfterMs({ headers }: Response): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
