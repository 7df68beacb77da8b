import { queryOptions } from '@tanstack/react-query'
import type { Instance } from '@toygres/sdk'
import { toygres } from '../app/toygres.ts'
import { changesSince } from './recent-changes.ts'

const pageSize = 1000

/** Every instance that is not deleted, newest first. Kept up by `watch.ts`, so that it is read once. */
export const instancesQuery = queryOptions({
  queryKey: ['instances'],
  staleTime: Infinity,
  queryFn: async ({ signal }) => {
    const since = performance.now()
    const instances: Instance[] = []
    let cursor: string | null | undefined
    do {
      const page = await toygres.instances.list({ limit: pageSize, ...(cursor && { cursor }) }, { signal })
      instances.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== null)
    // What was pushed while the pages were on their way is newer than they are.
    return withChanges(instances, new Map(changesSince(since).map((changed) => [changed.id, changed])))
  },
})

/** By name or id; a deleted one by its id only. Kept up by `watch.ts`, too. */
export const instanceQuery = (idOrName: string) =>
  queryOptions({
    queryKey: ['instance', idOrName],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const since = performance.now()
      const read = await toygres.instances.get(idOrName, { signal })
      return changesSince(since).findLast(({ id }) => id === read.id) ?? read
    },
  })

/** The list with these instances as they are now: each in its place, new ones on top, and without what is deleted. */
export function withChanges(list: readonly Instance[], now: ReadonlyMap<string, Instance>): Instance[] {
  const known = new Set(list.map(({ id }) => id))
  const added = [...now.values()].filter(({ id }) => !known.has(id))
  const all = list.map((instance) => now.get(instance.id) ?? instance)
  // Ids are in the order in which they were made.
  const ordered = added.length === 0 ? all : [...all, ...added].toSorted((a, b) => (a.id < b.id ? 1 : -1))
  return ordered.filter(({ state }) => state !== 'deleted')
}
