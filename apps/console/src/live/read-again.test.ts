import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { readAgain } from './read-again.ts'

test('a storm of changes is one read under way and one after it, which sees the last of them', async () => {
  const queryClient = new QueryClient()
  let [now, reads] = [0, 0]
  let answer = Promise.withResolvers<void>()
  const observer = new QueryObserver(queryClient, {
    queryKey: ['operations', { state: 'running' }],
    queryFn: async () => {
      reads++
      const seen = now
      await answer.promise
      return seen
    },
  })
  const left = observer.subscribe(() => {})
  answer.resolve()
  await expect.poll(() => observer.getCurrentResult().data).toBe(0)

  reads = 0
  answer = Promise.withResolvers()
  for (now = 1; now < 1000; now++) readAgain(queryClient, ['operations'])
  await expect.poll(() => reads).toBe(1)
  answer.resolve()
  await expect.poll(() => observer.getCurrentResult().data).toBe(now)
  expect(reads).toBe(2)
  left()
  queryClient.clear()
})
