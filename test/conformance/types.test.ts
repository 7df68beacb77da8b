import { again, workflowsOn, type Step } from '@toygres/workflow'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

interface Provider {
  readonly provider: string
}
const workflow = workflowsOn<Provider>()
const Input = z.object({ name: z.string() })

const typed = workflow('typed', { version: 1, input: Input })
  .step('count', async ({ input }) => input.name.length)
  .step('poll', async ({ outputs }) =>
    outputs.count > 3 ? { address: 'here' } : again({ after: 1, because: 'short' }),
  )
  .transact('record', async ({ outputs, tx }) => {
    expectTypeOf(outputs.poll).toEqualTypeOf<{ address: string }>()
    expectTypeOf(tx.savepoint).toBeFunction()
    return [outputs.count] as const
  })

// The assertions of types are the compiler's: `tsc` fails where one does not hold.
test('a step sees the typed input and the typed outputs of the steps before it, and the result is that of the last', () => {
  expectTypeOf(typed.result).toEqualTypeOf<readonly [number]>()
  workflow('early', { version: 1, input: Input }).step('look', async ({ outputs, input, provider }) => {
    expectTypeOf(input).toEqualTypeOf<{ name: string }>()
    expectTypeOf(provider).toBeString()
    // @ts-expect-error nothing has come before
    return outputs.count
  })
  workflow('outside', { version: 1, input: Input }).step('look', async (context) => {
    expectTypeOf(context).not.toHaveProperty('tx')
  })
  expectTypeOf<Step<Provider, { name: string }, number>>().returns.resolves.not.toBeAny()
})

test('a workflow is data: its name, its version and its steps in order', () => {
  expect(typed).toMatchObject({ name: 'typed', version: 1 })
  expect(typed.steps.map(({ name, kind }) => [name, kind])).toEqual([
    ['count', 'step'],
    ['poll', 'step'],
    ['record', 'transact'],
  ])
})

test('building on a workflow leaves it as it was', () => {
  const [one, other] = [typed.step('one', async () => 1), typed.step('other', async () => 2)]
  expect([typed, one, other].map(({ steps }) => steps.length)).toEqual([3, 4, 4])
})

test('two steps of one name are refused', () => {
  expect(() => typed.step('count', async () => 1)).toThrow('typed has two steps named count')
})
