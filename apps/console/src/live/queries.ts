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
    return changesSince(since).reduce(withChange, instances)
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

/** The list with an instance as it is now: in its place, new on top, or gone. */
export function withChange(instances: readonly Instance[], changed: Instance): Instance[] {
  if (changed.state === 'deleted') return instances.filter(({ id }) => id !== changed.id)
  return instances.some(({ id }) => id === changed.id)
    ? instances.map((instance) => (instance.id === changed.id ? changed : instance))
    : [changed, ...instances].toSorted((a, b) => (a.id < b.id ? 1 : -1))
}
