import { appRouter } from '@toygres/api/router'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { gate } from '../harness/domain/index.ts'
import { mutations } from './mutations.ts'
import { openApi, type OpenApi } from './open-api.ts'

/* oxlint-disable no-underscore-dangle -- where tRPC keeps what was declared */
const procedures = z
  .record(
    z.string(),
    z.custom<{ _def: { type: string } }>((value) => typeof value === 'function'),
  )
  .parse(appRouter._def.procedures)
const paths = Object.keys(procedures).filter((path) => procedures[path]?._def.type === 'mutation')

const held = gate('step.before-body', { armed: false })
let api: OpenApi
beforeAll(async () => {
  api = await openApi({ reach: held.reach })
})
afterAll(async () => {
  held.open()
  await api[Symbol.asyncDispose]()
})

test('every mutation of the API has a sample here', () => {
  expect(Object.keys(mutations).toSorted()).toEqual(paths.toSorted())
})

test.each(paths)(
  '%s is done once per key: in flight it is refused, then answered with what was answered first',
  async (path) => {
    const { domain } = api
    const { input, other } = (await mutations[path]?.({ domain, held })) ?? { input: {}, other: {} }
    const key = { idempotencyKey: `key of ${path}`.replaceAll(' ', '-') }
    const call = (body: object) => api.mutate(path, { ...body, ...key })

    const { first } = await domain.sql.begin(async (tx) => {
      // Every mutation says in its transaction who made it: so it stops there, in the middle.
      await tx`lock table audit_log in exclusive mode`
      const first = call(input)
      await domain.blocked()
      const second = await call(input)
      expect(second).toMatchObject({
        status: 409,
        error: { code: 'IDEMPOTENCY_KEY_IN_PROGRESS', retryable: true, retryAfterSeconds: 1 },
      })
      expect(second.headers.get('retry-after')).toBe('1')
      return { first }
    })
    const answer = await first
    expect(answer).toMatchObject({ status: 200, error: undefined })
    expect(answer.headers.get('idempotent-replayed')).toBeNull()

    const again = await call(input)
    expect(again.data).toEqual(answer.data)
    expect(again.headers.get('idempotent-replayed')).toBe('true')

    expect(await call(other)).toMatchObject({
      status: 422,
      error: { code: 'IDEMPOTENCY_KEY_REUSED', retryable: false },
    })
    const stranger = await api.key()
    const theirs = await api.mutate(path, { ...other, ...key }, { key: stranger })
    expect(theirs.error?.code).not.toBe('IDEMPOTENCY_KEY_REUSED')
  },
)
