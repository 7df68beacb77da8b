import { ToygresError, type FieldError } from '@toygres/schema'
import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'

const maxFields = 20

/** What a caller is told about an error: a refusal as it stands, bad input by its fields, anything else as `INTERNAL`. */
export function refusalOf(error: unknown, requestId?: string): ToygresError {
  if (error instanceof ToygresError) return error
  if (!(error instanceof TRPCError)) return internal(error, requestId)
  if (error.cause instanceof ToygresError) return error.cause
  switch (error.code) {
    case 'BAD_REQUEST':
      return error.cause instanceof ZodError ? invalidFields(error.cause) : invalid(error)
    case 'PARSE_ERROR':
    case 'METHOD_NOT_SUPPORTED':
    case 'UNSUPPORTED_MEDIA_TYPE':
      return invalid(error)
    case 'NOT_FOUND':
      return new ToygresError('NOT_FOUND', error.message)
    case 'PAYLOAD_TOO_LARGE':
      return new ToygresError('PAYLOAD_TOO_LARGE', error.message)
    default:
      return internal(error, requestId)
  }
}

function invalid(error: TRPCError): ToygresError {
  return new ToygresError('INVALID_INPUT', `the request cannot be read: ${error.message}`)
}

function invalidFields({ issues }: ZodError): ToygresError {
  const fields = new Map<string, FieldError>()
  for (const { path, message } of issues.slice(0, maxFields)) {
    const field = { path: path.join('.'), message }
    fields.set(sentence(field), field)
  }
  return new ToygresError('INVALID_INPUT', [...fields.keys()].join('; '), {
    details: { fields: [...fields.values()] },
  })
}

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
