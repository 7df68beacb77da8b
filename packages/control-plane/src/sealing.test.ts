import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSealer } from './sealing.ts'

const key = randomBytes(32)
const sealer = createSealer(key)

test('what was sealed is opened by its owner, and is not to be seen', () => {
  const sealed = sealer.seal('hunter2', 'orders')
  expect(sealer.open(sealed, 'orders')).toBe('hunter2')
  expect(sealed.includes('hunter2')).toBe(false)
})

test('the same secret is sealed differently each time', () => {
  expect(sealer.seal('hunter2', 'orders').equals(sealer.seal('hunter2', 'orders'))).toBe(false)
})

test('another owner cannot open it, nor another key', () => {
  const sealed = sealer.seal('hunter2', 'orders')
  expect(() => sealer.open(sealed, 'others')).toThrow()
  expect(() => createSealer(randomBytes(32)).open(sealed, 'orders')).toThrow()
})

test('a change of any byte is noticed', () => {
  const sealed = sealer.seal('hunter2', 'orders')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => sealer.open(changed, 'orders')).toThrow()
  }
})

test('a key of another length is refused', () => {
  expect(() => createSealer(randomBytes(16))).toThrow('a sealing key has 32 bytes')
})
