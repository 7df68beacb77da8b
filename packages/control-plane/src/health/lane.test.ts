import { expect, test } from 'vitest'
import { Lane } from './lane.ts'

test('no more run at once than may, all run in the end, in their order, and one that fails holds nobody up', async () => {
  const lane = new Lane(3)
  const order: number[] = []
  let [running, most] = [0, 0]
  const works = Array.from({ length: 20 }, (_, n) =>
    lane.run(async () => {
      order.push(n)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      if (n % 4 === 0) throw new Error('failed')
    }),
  )
  const ends = await Promise.allSettled(works)
  expect(most).toBe(3)
  expect(order).toEqual(works.map((_, n) => n))
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(5)
})
