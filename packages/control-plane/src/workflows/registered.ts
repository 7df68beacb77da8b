import { createInstance } from './create-instance.ts'
import { deleteInstance } from './delete-instance.ts'
import { removeLeftovers } from './remove-leftovers.ts'
import { startInstance } from './start-instance.ts'
import { stopInstance } from './stop-instance.ts'

/** Every workflow that operations are runs of. */
export const workflows = [createInstance, deleteInstance, stopInstance, startInstance, removeLeftovers]
