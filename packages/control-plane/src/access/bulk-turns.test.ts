import { expect, test } from 'vitest'
import { BulkTurns } from './bulk-turns.ts'

test('a caller has two calls under way at most, and all together four; one that ends makes room', async () => {
  const turns = new BulkTurns()
  const end = Promise.withResolvers<void>()
  const take = (caller: string) => turns.take(caller, () => end.promise)
  const refusal = { code: 'RATE_LIMITED', details: { retryAfterSeconds: 1 } }
  const running = [take('a'), take('a')]
  await expect(take('a')).rejects.toMatchObject(refusal)
  running.push(take('b'), take('c'))
  await expect(take('d')).rejects.toMatchObject(refusal)
  end.resolve()
  await Promise.all(running)
  await expect(take('a')).resolves.toBeUndefined()
})

test('one that fails makes room too', async () => {
  const turns = new BulkTurns()
  const fail = () => turns.take('a', () => Promise.reject(new Error('no')))
  for (let call = 0; call < 5; call++) await expect(fail()).rejects.toThrow('no')
})
