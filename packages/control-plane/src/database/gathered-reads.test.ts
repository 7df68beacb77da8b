import { expect, onTestFinished, test, vi } from 'vitest'
import { GatheredReads } from './gathered-reads.ts'

const staying = new AbortController().signal

/** Statements that end when the test says so, in the order in which they began. */
function statements() {
  const begun: {
    keys: readonly string[]
    signal: AbortSignal
    rows: PromiseWithResolvers<(string | undefined)[]>
  }[] = []
  const reads = new GatheredReads<string, string>((keys, signal) => {
    const rows = Promise.withResolvers<(string | undefined)[]>()
    begun.push({ keys, signal, rows })
    return rows.promise
  })
  const ask = (key: string, signal = staying) => reads.ask(key, signal)
  const begins = (count: number) => expect.poll(() => begun.length, { interval: 1 }).toBe(count)
  return { begun, ask, begins }
}

test('what is asked for in one turn is one statement, and each gets its own row, or none', async () => {
  const { begun, ask, begins } = statements()
  const asked = [ask('a'), ask('b'), ask('nobody')]
  await begins(1)
  expect(begun[0]?.keys).toEqual(['a', 'b', 'nobody'])
  begun[0]?.rows.resolve(['of a', 'of b', undefined])
  expect(await Promise.all(asked)).toEqual(['of a', 'of b', undefined])
})

test('who asks later gets the answer of a later statement, also while one is under way', async () => {
  const { begun, ask, begins } = statements()
  const before = ask('a')
  await begins(1)
  const after = ask('a')
  await begins(2)
  begun[1]?.rows.resolve(['new'])
  expect(await after).toBe('new')
  begun[0]?.rows.resolve(['old'])
  expect(await before).toBe('old')
})

test('a crowd is asked for in several statements', async () => {
  const { begun, ask, begins } = statements()
  const keys = Array.from({ length: 250 }, (_, n) => `key-${n}`)
  const asked = keys.map((key) => ask(key))
  await begins(3)
  expect(begun.map((statement) => statement.keys.length)).toEqual([100, 100, 50])
  for (const statement of begun) statement.rows.resolve([...statement.keys])
  expect(await Promise.all(asked)).toEqual(keys)
})

test('a statement that fails fails those who waited for it, and nobody else', async () => {
  const { begun, ask, begins } = statements()
  const failing = [ask('a'), ask('b')]
  await begins(1)
  const other = ask('c')
  await begins(2)
  begun[0]?.rows.reject(new Error('away'))
  begun[1]?.rows.resolve(['of c'])
  const ends = await Promise.allSettled(failing)
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected'])
  expect(await other).toBe('of c')
})

test('a statement is ended when the last who waited for it has gone, and not before', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { begun, ask } = statements()
  const [early, late] = [new AbortController(), new AbortController()]
  const asked = [ask('a', early.signal), ask('b', late.signal)]
  early.abort()
  await vi.advanceTimersByTimeAsync(1000)
  expect(begun[0]?.signal.aborted).toBe(false)
  late.abort()
  expect(begun[0]?.signal.aborted).toBe(true)
  begun[0]?.rows.reject(new Error('cancelled'))
  await Promise.allSettled(asked)
})

test('who has gone already begins none', async () => {
  const { begun, ask } = statements()
  await expect(ask('a', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  expect(begun).toEqual([])
})
