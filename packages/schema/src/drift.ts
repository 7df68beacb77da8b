import { z } from 'zod'
import { InstanceId, OperationId } from './ids.ts'

/** How metadata and provider can differ. */
export const DriftKind = z
  .enum([
    /** Its data is there, its server does not run: started again, with back-off, up to a cap. */
    'server-down',
    /** Its data is not where it was: reported, since an empty database in its place would be worse. */
    'data-missing',
    /** Somebody changed what Toygres had set, or started what is stopped: put back, or reported, by policy. */
    'spec-changed',
    /** It is being made, stopped, started or removed, and the operation for that is gone: asked for again. */
    'operation-gone',
    /** Something is left of an instance that is deleted, or could not be made: removed. */
    'leftover',
    /** It carries our mark, and metadata does not know it: reported, and removed after a grace period. */
    'orphan',
  ])
  .meta({ id: 'DriftKind' })
export type DriftKind = z.infer<typeof DriftKind>

/** A difference between metadata and provider that was found. */
export const Drift = z
  .object({
    id: z.uuid(),
    kind: DriftKind,
    instanceId: InstanceId,
    instanceName: z.string(),
    provider: z.string(),
    detail: z.string(),
    detectedAt: z.date(),
    lastSeenAt: z.date(),
    /** The last operation that was started to repair it. */
    operationId: OperationId.nullable(),
    /** Operations that were started to repair it. */
    repairs: z.int(),
    /** When the next repair is tried at the earliest; null when a person must act. */
    repairAfter: z.date().nullable(),
    /** Since when it is no more; null while it is there. */
    resolvedAt: z.date().nullable(),
  })
  .meta({ id: 'Drift' })
export type Drift = z.infer<typeof Drift>
