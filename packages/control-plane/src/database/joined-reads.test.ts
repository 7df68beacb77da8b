import { expect, test } from 'vitest'
import { JoinedReads } from './joined-reads.ts'

/** Reads that end when the test says so, in the order in which they began. */
function reads({ patienceMs }: { patienceMs?: number } = {}) {
  const begun: { key: string; answer: PromiseWithResolvers<string> }[] = []
  const joined = new JoinedReads((key) => {
    const answer = Promise.withResolvers<string>()
    begun.push({ key, answer })
    return answer.promise
  }, patienceMs)
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

test('one that is stuck holds who asked for it, and nobody who comes later', async () => {
  const { begun, ask } = reads({ patienceMs: 1 })
  const stuck = ask('a')
  const [second, third] = [ask('a'), ask('a')]
  await expect.poll(() => begun.length).toBe(2)
  const fourth = ask('a')
  begun[1]?.answer.resolve('after')
  expect(await Promise.all([second, third])).toEqual(['after', 'after'])
  await expect.poll(() => begun.length).toBe(3)
  begun[2]?.answer.resolve('later')
  expect(await fourth).toBe('later')
  // Its end, when it comes after all, is no end of theirs.
  const [fifth, sixth] = [ask('a'), ask('a')]
  begun[0]?.answer.reject(new Error('cut'))
  await expect(stuck).rejects.toThrow('cut')
  begun[3]?.answer.resolve('fifth')
  expect(await fifth).toBe('fifth')
  await expect.poll(() => begun.length).toBe(5)
  begun[4]?.answer.resolve('sixth')
  expect(await sixth).toBe('sixth')
})
