import { expect, test } from 'vitest'
import { Lane } from './lane.ts'

test('no more run at once than may, all run in the end, in their order, and one that fails holds nobody up', async () => {
  const lane = new Lane({ atOnce: 3, holdMs: 60_000 })
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

test('works that do not end hold nobody up, and give their place away once', async () => {
  const lane = new Lane({ atOnce: 2, holdMs: 1 })
  const hang = Promise.withResolvers<void>()
  const hanging = Array.from({ length: 9 }, () => lane.run(() => hang.promise))
  expect(await lane.run(async () => 'begun')).toBe('begun')
  hang.resolve()
  await Promise.all(hanging)
  expect(lane).toMatchObject({ free: 2, waiting: 0 })
})

test('silence counts for nothing while the process itself comes too late to everything', async () => {
  const lane = new Lane({ atOnce: 1, holdMs: 1 })
  const hang = Promise.withResolvers<void>()
  const hanging = lane.run(() => hang.promise)
  const begun = lane.run(async () => 'begun')
  const busyUntil = performance.now() + 200
  while (performance.now() < busyUntil);
  // What was due is done by now: another begins only once its time has passed without such a delay.
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(lane.waiting).toBe(1)
  expect(await begun).toBe('begun')
  hang.resolve()
  await hanging
})
