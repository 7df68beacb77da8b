import { errorCatalog, ToygresError, type ErrorCode } from '@toygres/schema'
import { TRPCError } from '@trpc/server'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { errorShape } from './error-shape.ts'

const codes = Object.keys(errorCatalog) as ErrorCode[]

test.each(codes)('%s keeps its message, its HTTP status and whether to try again', (code) => {
  const thrown = new ToygresError(code, 'do this', { details: { activeOperationId: 'an-operation' } })
  const wrapped = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: thrown })
  expect(errorShape(wrapped, 'a-request')).toMatchObject({
    message: 'do this',
    data: { code, ...errorCatalog[code], requestId: 'a-request', activeOperationId: 'an-operation' },
  })
})

test('refused input names each field once, with its rule', () => {
  const Input = z.object({
    name: z.string().min(1, 'a name is needed').regex(/a/, 'a name is needed'),
    size: z.int('a whole number'),
  })
  const { error: cause } = Input.safeParse({ name: '', size: 1.5 })
  expect(errorShape(new TRPCError({ code: 'BAD_REQUEST', cause }))).toMatchObject({
    message: 'name: a name is needed; size: a whole number',
    data: {
      code: 'INVALID_INPUT',
      errors: [
        { path: 'name', message: 'a name is needed' },
        { path: 'size', message: 'a whole number' },
      ],
    },
  })
})

test('an error that nobody foresaw tells nothing but where to look', () => {
  const shape = errorShape(new TypeError('password=hunter2 is not a function'), 'a-request')
  expect(shape).toMatchObject({ data: { code: 'INTERNAL', httpStatus: 500, requestId: 'a-request' } })
  expect(shape.message).toContain('a-request')
  expect(JSON.stringify(shape)).not.toContain('hunter2')
})

test('an output that breaks its own schema is our fault, not the caller’s', () => {
  const { error: cause } = z.string().safeParse(1)
  const failed = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause })
  expect(errorShape(failed)).toMatchObject({ data: { code: 'INTERNAL' } })
})
