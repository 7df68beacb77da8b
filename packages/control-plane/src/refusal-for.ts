import { ToygresError } from '@toygres/schema'
import { isConnectionLoss, isTransient, OperationInProgress } from '@toygres/workflow'

/**
 * What callers are told of what went wrong and is no bug: a metadata database that is away, so that they try again, and another
 * operation that was quicker, so that they know which. Anything else stays what it is.
 */
export function refusalFor(error: unknown): unknown {
  if (error instanceof OperationInProgress)
    return new ToygresError(
      'OPERATION_IN_PROGRESS',
      `operation ${error.operationId} is changing this instance: wait for its end, or cancel it`,
      { details: { activeOperationId: error.operationId }, cause: error },
    )
  if (isConnectionLoss(error) || isTransient(error))
    return new ToygresError(
      'UNAVAILABLE',
      'the metadata database does not answer just now: try again in a while',
      { cause: error },
    )
  return error
}
