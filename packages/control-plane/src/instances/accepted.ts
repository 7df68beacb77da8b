import type { Accepted } from '@toygres/schema'
import type { ISql } from 'postgres'
import { getOperation } from '../operations/rows.ts'
import { getInstance } from './rows.ts'

export async function accepted(tx: ISql, instanceId: string, operationId: string): Promise<Accepted> {
  return { instance: await getInstance(tx, instanceId), operation: await getOperation(tx, operationId) }
}
