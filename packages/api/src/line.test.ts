import { expect, test } from 'vitest'
import { Line } from './line.ts'

const works = () => {
  const begun: number[] = []
  const ends = new Map<number, () => void>()
  const work = (n: number) => () =>
    new Promise<number>((resolve) => {
      begun.push(n)
      ends.set(n, () => resolve(n))
    })
  return { begun, work, end: (n: number) => ends.get(n)?.() }
}

test('so many are done at once, and the others in their order', async () => {
  const line = new Line({ atOnce: 2, mostWaiting: 10 })
  const { begun, work, end } = works()
  const runs = [0, 1, 2, 3].map((n) => line.run(work(n)))
  expect(begun).toEqual([0, 1])
  end(1)
  await runs[1]
  await expect.poll(() => begun).toEqual([0, 1, 2])
  end(0)
  await expect.poll(() => begun).toEqual([0, 1, 2, 3])
  end(2)
  end(3)
  expect(await Promise.all(runs)).toEqual([0, 1, 2, 3])
})

test('who leaves the line is not waited for, and holds nobody up', async () => {
  const line = new Line({ atOnce: 1, mostWaiting: 1 })
  const { begun, work, end } = works()
  const first = line.run(work(1))
  const leaving = new AbortController()
  const left = line.run(work(2), leaving.signal)
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toMatchObject({ code: 'CALLER_GONE' })
  await expect(line.run(work(3), leaving.signal)).rejects.toMatchObject({ code: 'CALLER_GONE' })
  const next = line.run(work(4))
  end(1)
  await first
  await expect.poll(() => begun).toEqual([1, 4])
  end(4)
  await next
})

test('one that fails makes room as well', async () => {
  const line = new Line({ atOnce: 1, mostWaiting: 1 })
  await expect(line.run(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  expect(await line.run(() => Promise.resolve('next'))).toBe('next')
})

test('where too many wait, the next is told when to come again', async () => {
  const line = new Line({ atOnce: 1, mostWaiting: 1 })
  const { work, end, begun } = works()
  const first = line.run(work(1))
  const second = line.run(work(2))
  await expect(line.run(work(3))).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    details: { retryAfterSeconds: 1 },
  })
  end(1)
  await first
  await expect.poll(() => begun).toEqual([1, 2])
  end(2)
  await second
})
