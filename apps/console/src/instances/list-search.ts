import { HealthStatus, InstanceState } from '@toygres/schema'
import type { Instance } from '@toygres/sdk'
import { z } from 'zod'

export const sortable = ['name', 'state', 'health', 'version', 'created'] as const
export type SortKey = (typeof sortable)[number]

/** What the list shows: in the address, so that it can be gone back to and passed on. */
export const InstanceListSearch = z.object({
  q: z.string().optional().catch(undefined),
  state: InstanceState.exclude(['deleted']).optional().catch(undefined),
  health: HealthStatus.optional().catch(undefined),
  sort: z.enum(sortable).optional().catch(undefined),
  down: z.boolean().optional().catch(undefined),
})
export type InstanceListSearch = z.infer<typeof InstanceListSearch>

const keyOf: Record<SortKey, (instance: Instance) => string> = {
  name: ({ name }) => name,
  state: ({ state }) => state,
  health: ({ healthStatus }) => healthStatus,
  version: ({ version }) => version,
  created: ({ id }) => id,
}

/** Newest first unless told otherwise. */
export function select(
  instances: readonly Instance[],
  { q = '', state, health, sort = 'created', down = sort === 'created' }: InstanceListSearch,
): Instance[] {
  const wanted = q.trim().toLowerCase()
  const key = keyOf[sort]
  const order = (a: Instance, b: Instance) => key(a).localeCompare(key(b)) || (a.id < b.id ? -1 : 1)
  const chosen = instances.filter(
    (instance) =>
      (instance.name.includes(wanted) || instance.id.startsWith(wanted)) &&
      (state === undefined || instance.state === state) &&
      (health === undefined || instance.healthStatus === health),
  )
  return down ? chosen.toSorted((a, b) => order(b, a)) : chosen.toSorted(order)
}
