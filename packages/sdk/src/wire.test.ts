import { deserialize, serialize } from 'superjson'
import { expect, test } from 'vitest'
import { decode, encode } from './wire.ts'

// The API speaks superjson; what we have is the part of it that the API uses.

const at = new Date('2026-01-02T03:04:05.678Z')
const values: Record<string, unknown> = {
  'a date': { at },
  'dates in lists in objects': { items: [{ at }, { at: null }, { at, deep: { at } }], nextCursor: null },
  'keys with dots': { 'labels.team': at, labels: { 'a.b': at } },
  'no date at all': { name: 'orders', port: 5432, tags: ['a', 'b'], on: true, none: null },
  nothing: {},
}

test.each(Object.entries(values))('what the API sends is read: %s', (_, value) => {
  expect(decode(JSON.parse(JSON.stringify(serialize(value))))).toEqual(value)
})

test.each(Object.entries(values))('what is sent, the API reads: %s', (_, value) => {
  const sent = JSON.parse(JSON.stringify(encode(value))) as Parameters<typeof deserialize>[0]
  expect(deserialize(sent)).toEqual(value)
})

test('what is left out stays out', () => {
  expect(decode(JSON.parse(JSON.stringify(serialize({ a: undefined, b: 1 }))))).toEqual({
    a: undefined,
    b: 1,
  })
  expect(JSON.stringify(encode({ a: undefined, b: 1 }))).toBe('{"json":{"b":1}}')
})

test('one object in two places is read in both', () => {
  const shared = { at }
  expect(decode(JSON.parse(JSON.stringify(serialize({ a: shared, b: shared }))))).toEqual({
    a: shared,
    b: shared,
  })
})
