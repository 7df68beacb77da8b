import { z } from 'zod'
import { InstanceName } from './instance-name.ts'

/** A time-ordered UUID (version 7, RFC 9562). */
export const InstanceId = z.uuid().meta({ id: 'InstanceId' })
export type InstanceId = z.infer<typeof InstanceId>

/** A time-ordered UUID (version 7, RFC 9562). */
export const OperationId = z.uuid().meta({ id: 'OperationId' })
export type OperationId = z.infer<typeof OperationId>

/** An instance by its id, or by its name while it is not deleted. */
export const InstanceIdOrName = z
  .union([InstanceId, InstanceName], { error: 'expected the name or the id of an instance' })
  .meta({ id: 'InstanceIdOrName' })
export type InstanceIdOrName = z.infer<typeof InstanceIdOrName>
