import { ToygresError, type ErrorCode, type FieldError } from '@toygres/schema'
import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server'
import { ZodError } from 'zod'

const maxFields = 20

/** What tRPC refuses by itself, before a procedure runs, that is the caller's to mend. */
const callersFaults: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  BAD_REQUEST: 'INVALID_INPUT',
  METHOD_NOT_SUPPORTED: 'METHOD_NOT_ALLOWED',
  NOT_FOUND: 'NOT_FOUND',
  PARSE_ERROR: 'INVALID_INPUT',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
}

/** What a caller is told about an error: a refusal as it stands, bad input by its fields, anything else as `INTERNAL`. */
export function refusalOf(error: unknown, requestId?: string): ToygresError {
  if (error instanceof ToygresError) return error
  if (!(error instanceof TRPCError)) return internal(error, requestId)
  if (error.cause instanceof ToygresError) return error.cause
  const code = callersFaults[error.code]
  if (code === undefined) return internal(error, requestId)
  if (isOfSchema(error)) return invalidFields(error.cause)
  return new ToygresError(code, `the request cannot be answered: ${error.message}`)
}

/** Whether it is the input that a procedure's schema refused, by the names that its fields have there. */
export const isOfSchema = (error: unknown): error is TRPCError & { cause: ZodError } =>
  error instanceof TRPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ZodError

function invalidFields({ issues }: ZodError): ToygresError {
  const fields = new Map<string, FieldError>()
  for (const { path, message } of issues.slice(0, maxFields)) {
    const field = { path: path.join('.'), message }
    fields.set(sentence(field), field)
  }
  const errors = [...fields.values()]
  return new ToygresError('INVALID_INPUT', sentences(errors), { details: { errors } })
}

export const sentences = (fields: readonly FieldError[]): string => fields.map(sentence).join('; ')

function sentence({ path, message }: FieldError): string {
  return path === '' ? message : `${path}: ${message}`
}

function internal(cause: unknown, requestId?: string): ToygresError {
  const where = requestId === undefined ? '' : ` under request ${requestId}`
  return new ToygresError(
    'INTERNAL',
    `something went wrong inside the control plane: its log tells what${where}`,
    {
      cause,
    },
  )
}
