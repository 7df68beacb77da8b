import { OperationState } from '@toygres/schema'
import { z } from 'zod'

/** What the list of operations shows. */
export const OperationListSearch = z.object({ state: OperationState.optional().catch(undefined) })
