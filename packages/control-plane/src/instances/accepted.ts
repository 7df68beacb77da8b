import type { Accepted, Principal } from '@toygres/schema'
import type { ISql } from 'postgres'
import { getOperation } from '../operations/rows.ts'
import { getInstance } from './rows.ts'

export async function accepted(
  tx: ISql,
  principal: Principal,
  { instanceId, operationId }: { instanceId: string; operationId: string },
): Promise<Accepted> {
  const instance = await getInstance(tx, principal, instanceId)
  return { instance, operation: await getOperation(tx, principal, operationId) }
}
