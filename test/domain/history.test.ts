import { expect, test } from 'vitest'
import { alice, all, openDomain } from '../harness/domain/index.ts'

test('the events of many operations are paged: each once, the newest operation first, of each the newest event', async () => {
  await using domain = await openDomain()
  const { plane } = domain
  const ids = [await domain.created('first'), await domain.created('second')]
  const whole = await plane.operations.events(alice, { limit: 1000 })
  expect(whole.nextCursor).toBeNull()
  const paged = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await plane.operations.events(alice, { limit: 3, ...(cursor !== undefined && { cursor }) })
    expect(page.items.length).toBeLessThanOrEqual(3)
    paged.push(...page.items)
    cursor = page.nextCursor
  }
  expect(paged).toEqual(whole.items)
  const names = whole.items.map(({ resourceName }) => resourceName ?? '')
  expect(names).toEqual(names.toSorted((a, b) => b.localeCompare(a)))

  const [id = ''] = ids
  const { items } = await plane.operations.events(alice, { instance: id, limit: 1000 })
  const { items: operations } = await plane.operations.list(alice, { instance: id, limit: 1 })
  const signal = new AbortController().signal
  const watched = await all(plane.operations.watch(alice, operations[0]?.id ?? '', { afterSeq: 0, signal }))
  expect(items.toReversed()).toEqual(
    watched.map((event) => ({
      ...event,
      workflow: 'create-instance',
      resourceId: id,
      resourceName: 'first',
      requestedBy: alice.subject,
      requestedByName: null,
    })),
  )
  await expect(plane.operations.events(alice, { limit: 3, cursor: 'bm90aGluZw' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
})
