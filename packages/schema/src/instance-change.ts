import { z } from 'zod'
import { Instance } from './instance.ts'

/** Nothing is known of what changed before: what was listed earlier is to be listed again. */
export const InstancesReset = z
  .object({
    type: z.literal('reset'),
    /** Opaque: whoever is told of it later goes on after it. */
    position: z.string(),
  })
  .meta({ id: 'InstancesReset' })

/** An instance as it is now; a deleted one for the last time. */
export const InstanceChanged = z
  .object({
    type: z.literal('changed'),
    /** Opaque: whoever is told of it later goes on after it. */
    position: z.string(),
    instance: Instance,
  })
  .meta({ id: 'InstanceChanged' })

/**
 * What a watcher of the instances is told. It is about what is so now, not about each step on the way: two changes that
 * come close together may be told as one.
 */
export const InstanceChange = z
  .discriminatedUnion('type', [InstancesReset, InstanceChanged])
  .meta({ id: 'InstanceChange' })
export type InstanceChange = z.infer<typeof InstanceChange>
