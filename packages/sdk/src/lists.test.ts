import { instance } from '@toygres/api/testing'
import { ToygresError as Refusal } from '@toygres/schema'
import { expect, test } from 'vitest'
import { PermissionDeniedError } from './index.ts'
import { serve } from './testing/serve.ts'

/** Instances by name, so many to a page; a cursor is the index of the next one. */
function pagesOf(names: readonly string[], perPage: number) {
  const asked: (string | undefined)[] = []
  const list = (_: unknown, { cursor }: { cursor?: string | undefined }) => {
    asked.push(cursor)
    const from = Number(cursor ?? 0)
    const items = names.slice(from, from + perPage).map((name) => ({ ...instance, name }))
    return Promise.resolve({
      items,
      nextCursor: from + perPage < names.length ? String(from + perPage) : null,
    })
  }
  return { asked, list }
}

test('awaited, a list is its first page', async () => {
  const { asked, list } = pagesOf(['a', 'b', 'c'], 2)
  const { toygres } = await serve({ instances: { list } })
  const { items, nextCursor } = await toygres.instances.list()
  expect(items.map(({ name }) => name)).toEqual(['a', 'b'])
  expect((await toygres.instances.list({ cursor: nextCursor ?? '' })).nextCursor).toBeNull()
  expect(asked).toEqual([undefined, '2'])
})

test('iterated over, it is every item, page after page, with the filter that it was asked with', async () => {
  const { asked, list } = pagesOf(['a', 'b', 'c', 'd', 'e'], 2)
  const filters: boolean[] = []
  const { toygres } = await serve({
    instances: {
      list: (caller, request) => {
        filters.push(request.includeDeleted)
        return list(caller, request)
      },
    },
  })
  const names: string[] = []
  for await (const { name } of toygres.instances.list({ includeDeleted: true })) names.push(name)
  expect(names).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(asked).toEqual([undefined, '2', '4'])
  expect(filters).toEqual([true, true, true])
})

test('pages that nobody gets to are not fetched', async () => {
  const { asked, list } = pagesOf(['a', 'b', 'c', 'd'], 2)
  const { toygres } = await serve({ instances: { list } })
  for await (const { name } of toygres.instances.list()) if (name === 'b') break
  expect(asked).toEqual([undefined])
})

test('what goes wrong on a later page reaches whoever iterates', async () => {
  const { list } = pagesOf(['a', 'b', 'c'], 2)
  const { toygres } = await serve({
    instances: {
      list: (caller, request) =>
        request.cursor === undefined
          ? list(caller, request)
          : Promise.reject(new Refusal('PERMISSION_DENIED', 'no longer')),
    },
  })
  const names: string[] = []
  const iterate = async () => {
    for await (const { name } of toygres.instances.list()) names.push(name)
  }
  await expect(iterate()).rejects.toThrow(PermissionDeniedError)
  expect(names).toEqual(['a', 'b'])
})
