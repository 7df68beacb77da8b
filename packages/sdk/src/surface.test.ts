import type { ApiErrorData, AppRouter } from '@toygres/api/router'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { expect, expectTypeOf, test } from 'vitest'
import { createToygres } from './index.ts'
import { procedures } from './generated/procedures.ts'
import type { Procedures } from './generated/types.ts'
import type { RefusalData } from './error-from.ts'

type Inputs = inferRouterInputs<AppRouter>
type Outputs = inferRouterOutputs<AppRouter>
type Group<Name> = Name extends `${infer Found}.${string}` ? Found : never
type Verb<Name> = Name extends `${string}.${infer Found}` ? Found : never
type Of<Api, Name extends string> = Api[Group<Name> & keyof Api][Verb<Name> &
  keyof Api[Group<Name> & keyof Api]]
type NoVoid<Input> = Input extends void ? undefined : Input
type Event<Output> = Output extends AsyncIterable<{ data: infer Data }> ? Data : Output

test('what is generated is what the router infers, both ways', () => {
  type Generated = { [Name in keyof Procedures]: Procedures[Name]['output'] }
  type Inferred = { [Name in keyof Procedures]: Event<Of<Outputs, Name>> }
  expectTypeOf<Generated>().toExtend<Inferred>()
  expectTypeOf<Inferred>().toExtend<Generated>()

  type GeneratedInputs = { [Name in keyof Procedures]: Procedures[Name]['input'] }
  type InferredInputs = { [Name in keyof Procedures]: NoVoid<Of<Inputs, Name>> }
  expectTypeOf<GeneratedInputs>().toExtend<InferredInputs>()
  expectTypeOf<InferredInputs>().toExtend<GeneratedInputs>()

  expectTypeOf<ApiErrorData>().toExtend<RefusalData>()
})

test('there is a method for every procedure, and no other', async () => {
  const asked = new Set<string>()
  const refusing: typeof fetch = (request) => {
    const url = request instanceof Request ? request.url : request
    asked.add(new URL(url).pathname.replace('/trpc/', ''))
    const error = { json: { message: 'no', data: { code: 'PERMISSION_DENIED', httpStatus: 403 } } }
    return Promise.resolve(Response.json({ error }, { status: 403 }))
  }
  const { withTemporaryInstance: _, ...groups } = createToygres({ url: 'http://nowhere', fetch: refusing })
  for (const group of Object.values(groups))
    for (const method of Object.values(group) as ((...args: unknown[]) => unknown)[]) {
      const answer = method('x', {}, {})
      if (isIterable(answer))
        await answer[Symbol.asyncIterator]()
          .next()
          .catch(() => {})
      await Promise.resolve(answer).catch(() => {})
    }
  expect([...asked].toSorted()).toEqual(Object.keys(procedures))
})

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
