import type { ToygresErrorCode } from '@toygres/sdk'
import { CliError } from './cli-error.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'

/** Everything that can be said of a failure. */
export interface Explanation {
  readonly code: string
  readonly message: string
  readonly exitCode: ExitCode
  readonly hint?: string | undefined
  readonly requestId?: string | undefined
  readonly operationId?: string | undefined
  readonly fields?: unknown
}

/** The one place where an error gets its exit code and its advice. */
export function explain(error: unknown): Explanation {
  if (error instanceof CliError) {
    const { code, message, exitCode, hint, operationId } = error
    return { code, message, exitCode, hint, operationId }
  }
  if (!(error instanceof Error))
    return { code: 'UNEXPECTED', message: String(error), exitCode: exitCodes.error }
  if (!isToygresError(error))
    return { code: 'UNEXPECTED', message: `unexpected: ${error.message}`, exitCode: exitCodes.error }
  const { code, message, requestId, operationId, fields } = error
  const exitCode = exitCodeFor(code)
  return { code, message, exitCode, hint: hintFor(error), requestId, operationId, fields }
}

/** What a refusal with this code of the API ends a command with. */
export const exitCodeFor = (code: string): ExitCode => (isKnown(code) ? exitCodeOf[code] : exitCodes.error)

const exitCodeOf: Record<ToygresErrorCode, ExitCode> = {
  INVALID_INPUT: exitCodes.usage,
  METHOD_NOT_ALLOWED: exitCodes.usage,
  PAYLOAD_TOO_LARGE: exitCodes.usage,
  UNSUPPORTED_MEDIA_TYPE: exitCodes.usage,
  INSTANCE_NOT_FOUND: exitCodes.notFound,
  OPERATION_NOT_FOUND: exitCodes.notFound,
  API_KEY_NOT_FOUND: exitCodes.notFound,
  WEBHOOK_NOT_FOUND: exitCodes.notFound,
  PROJECT_NOT_FOUND: exitCodes.notFound,
  NOT_FOUND: exitCodes.notFound,
  INSTANCE_NAME_TAKEN: exitCodes.conflict,
  API_KEY_NOT_ACTIVE: exitCodes.conflict,
  PROJECT_NAME_TAKEN: exitCodes.conflict,
  PROJECT_NOT_EMPTY: exitCodes.conflict,
  QUOTA_EXCEEDED: exitCodes.conflict,
  INSTANCE_NOT_RUNNING: exitCodes.conflict,
  OPERATION_IN_PROGRESS: exitCodes.conflict,
  OPERATION_NOT_CANCELLABLE: exitCodes.conflict,
  OPERATION_DONE: exitCodes.conflict,
  IDEMPOTENCY_KEY_IN_PROGRESS: exitCodes.conflict,
  IDEMPOTENCY_KEY_REUSED: exitCodes.conflict,
  ETAG_MISMATCH: exitCodes.conflict,
  OPERATION_FAILED: exitCodes.operationFailed,
  OPERATION_CANCELLED: exitCodes.operationFailed,
  WAIT_TIMEOUT: exitCodes.timeout,
  UNAUTHENTICATED: exitCodes.error,
  PERMISSION_DENIED: exitCodes.error,
  RATE_LIMITED: exitCodes.error,
  UNAVAILABLE: exitCodes.error,
  DEADLINE_EXCEEDED: exitCodes.error,
  CALLER_GONE: exitCodes.error,
  INTERNAL: exitCodes.error,
}

function hintFor({ code, operationId, requestId }: SdkError): string | undefined {
  switch (code) {
    case 'UNAVAILABLE':
      // One that answered has said itself what is the matter.
      return requestId === undefined
        ? 'start it with "toygres up", or see what is the matter with "toygres doctor"'
        : undefined
    case 'UNAUTHENTICATED':
      return 'the key comes from TOYGRES_API_KEY or client.json: see "toygres --help"'
    case 'PROJECT_NOT_FOUND':
      return 'which one to act in is said by --project, else by TOYGRES_PROJECT, else by the context'
    case 'OPERATION_FAILED':
    case 'OPERATION_CANCELLED':
      return `see its steps with "toygres ops get ${operationId}"`
  }
  return operationId === undefined ? undefined : `follow it with "toygres ops watch ${operationId}"`
}

/** By its shape: this way the SDK is loaded by those commands only that call it. */
type SdkError = Error & {
  code: string
  requestId?: string
  operationId?: string
  fields?: unknown
}

function isToygresError(error: Error): error is SdkError {
  return 'code' in error && typeof error.code === 'string' && 'retryable' in error
}

const isKnown = (code: string): code is ToygresErrorCode => Object.hasOwn(exitCodeOf, code)
