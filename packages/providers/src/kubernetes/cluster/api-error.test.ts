import { expect, test } from 'vitest'
import { ApiError, asProviderError, isPassing } from './api-error.ts'

const refusal = (httpStatus: number, message: string) =>
  new ApiError(httpStatus, JSON.stringify({ message }), undefined)

test.for([
  'secrets "pg-1" is forbidden: status unknown for quota: small, resources: secrets',
  'services "pg-1" is forbidden: not yet ready to handle request',
])('a server that cannot judge yet is asked again: %s', (message) => {
  const error = refusal(403, message)
  expect(isPassing(error)).toBe(true)
  expect(asProviderError(error, 'apply')).toMatchObject({ code: 'CLUSTER_UNAVAILABLE', permanent: false })
})

test.for([
  ['QUOTA_EXCEEDED', 'secrets "pg-1" is forbidden: exceeded quota: small, requested: secrets=1'],
  ['PERMISSION_DENIED', 'secrets "pg-1" is forbidden: User "somebody" cannot patch resource "secrets"'],
])('a refusal of what is forbidden is final: %s', ([code, message = '']) => {
  const error = refusal(403, message)
  expect(isPassing(error)).toBe(false)
  expect(asProviderError(error, 'apply')).toMatchObject({ code, permanent: true })
})
