import { z } from 'zod'
import { InstanceIdOrName } from './ids.ts'
import { mutationRequest, etag } from './mutation.ts'
import { Accepted, CreateInstance } from './requests.ts'

export const mostInOneCall = 500

const tooMany = `one call takes ${mostInOneCall} at most: send the others in another`

/** Each becomes an operation of its own; one that is refused is no harm to the others. */
export const CreateInstances = z
  .object({
    items: z
      .array(CreateInstance.omit({ idempotencyKey: true, validateOnly: true }))
      .min(1)
      .max(mostInOneCall, tooMany),
    ...mutationRequest,
  })
  .meta({ id: 'CreateInstances' })
export type CreateInstances = z.infer<typeof CreateInstances>

export const DeleteInstances = z
  .object({
    items: z
      .array(z.object({ id: InstanceIdOrName, etag }))
      .min(1)
      .max(mostInOneCall, tooMany),
    ...mutationRequest,
  })
  .meta({ id: 'DeleteInstances' })
export type DeleteInstances = z.infer<typeof DeleteInstances>

/** Why one item was refused, as a call for it alone would have been. */
export const ItemError = z
  .object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    /** The operation that is in the way. */
    activeOperationId: z.string().optional(),
  })
  .meta({ id: 'ItemError' })
export type ItemError = z.infer<typeof ItemError>

export const BulkResult = z.union([Accepted, z.object({ error: ItemError })]).meta({ id: 'BulkResult' })
export type BulkResult = z.infer<typeof BulkResult>

/** One result for each item, in their order. */
export const BulkAccepted = z.object({ results: z.array(BulkResult) }).meta({ id: 'BulkAccepted' })
export type BulkAccepted = z.infer<typeof BulkAccepted>
