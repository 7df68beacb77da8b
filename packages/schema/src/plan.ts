import { z } from 'zod'
import { OperationId } from './ids.ts'

/** A step of the operation that would be started, as its workflow defines it. */
export const PlannedStep = z
  .object({
    name: z.string(),
    /** `transact` changes the control plane's own records only, exactly once; a `step` does work outside, and may run again. */
    kind: z.enum(['step', 'transact']),
    /** It is undone when the operation fails or is cancelled later. */
    undoable: z.boolean(),
  })
  .meta({ id: 'PlannedStep' })
export type PlannedStep = z.infer<typeof PlannedStep>

const Value = z.union([z.string(), z.number(), z.null()])

/** A field that would change; null where it is not there. */
export const PlannedChange = z
  .object({
    /** As in the instance, dotted: `labels.team`. */
    path: z.string(),
    from: Value,
    to: Value,
  })
  .meta({ id: 'PlannedChange' })
export type PlannedChange = z.infer<typeof PlannedChange>

/** What a call would do that was sent with `validateOnly`. Nothing of it has been done, and a later call may find things different. */
export const Plan = z
  .object({
    /** Of the operation that would be started; null when the change needs none, or when one for it runs already. */
    workflow: z.string().nullable(),
    steps: z.array(PlannedStep),
    changes: z.array(PlannedChange),
    /** The operation that would be cancelled, and undone, first. */
    cancels: OperationId.nullable(),
  })
  .meta({ id: 'Plan' })
export type Plan = z.infer<typeof Plan>

/** The answer to a call with `validateOnly`. */
export const Planned = z.object({ plan: Plan }).meta({ id: 'Planned' })
export type Planned = z.infer<typeof Planned>
