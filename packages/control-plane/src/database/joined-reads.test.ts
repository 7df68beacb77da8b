import { expect, test } from 'vitest'
import { JoinedReads } from './joined-reads.ts'

/** Reads that end when the test says so, in the order in which they began. */
function reads() {
  const begun: { key: string; answer: PromiseWithResolvers<string> }[] = []
  const joined = new JoinedReads((key) => {
    const answer = Promise.withResolvers<string>()
    begun.push({ key, answer })
    return answer.promise
  })
  return { begun, ask: (key: string) => joined.ask(key) }
}

test('who asks while it is being read gets the next reading, together with the others', async () => {
  const { begun, ask } = reads()
  const first = ask('a')
  const [second, third] = [ask('a'), ask('a')]
  expect(begun).toHaveLength(1)
  begun[0]?.answer.resolve('before')
  expect(await first).toBe('before')
  expect(begun).toHaveLength(2)
  const fourth = ask('a')
  begun[1]?.answer.resolve('after')
  expect(await Promise.all([second, third])).toEqual(['after', 'after'])
  begun[2]?.answer.resolve('later')
  expect(await fourth).toBe('later')
  void ask('a')
  expect(begun).toHaveLength(4)
})

test('what is asked about different things is read at the same time', async () => {
  const { begun, ask } = reads()
  const [a, b] = [ask('a'), ask('b')]
  expect(begun.map(({ key }) => key)).toEqual(['a', 'b'])
  begun[1]?.answer.resolve('of b')
  expect(await b).toBe('of b')
  begun[0]?.answer.resolve('of a')
  expect(await a).toBe('of a')
})

test('a reading that fails fails those who waited for it, and the next is made', async () => {
  const { begun, ask } = reads()
  const [first, second] = [ask('a'), ask('a')]
  begun[0]?.answer.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  begun[1]?.answer.resolve('back')
  expect(await second).toBe('back')
})
