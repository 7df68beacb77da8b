import {
  ToygresError,
  type ListOperations,
  type Operation,
  type OperationEvent,
  type OperationPage,
  type Principal,
} from '@toygres/schema'
import { isDone, type Engine } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { audit } from '../access/audit.ts'
import type { Operations } from '../control-plane.ts'
import { getInstance } from '../instances/rows.ts'
import { pageOf, readCursor } from '../page.ts'
import { deleteInstance } from '../workflows/delete-instance.ts'
import type { Dependencies } from '../workflows/dependencies.ts'
import { getOperation, toOperation } from './rows.ts'

export interface OperationsOptions {
  readonly sql: Sql
  readonly engine: Engine<Dependencies>
}

export function operationsOf({ sql, engine }: OperationsOptions): Operations {
  async function list({ cursor, limit, instance, state }: ListOperations): Promise<OperationPage> {
    const resourceId = instance === undefined ? undefined : (await getInstance(sql, instance)).id
    const records = await engine.list({ resourceId, state, before: readCursor(cursor), limit: limit + 1 })
    return pageOf(records.map(toOperation), limit)
  }

  async function* watch(
    id: string,
    options: { afterSeq: number; signal: AbortSignal },
  ): AsyncGenerator<OperationEvent> {
    await getOperation(sql, id)
    for await (const event of engine.watch(id, options)) yield { operationId: id, ...event }
  }

  async function cancel(principal: Principal, id: string): Promise<Operation> {
    return sql.begin<Operation>(async (tx) => {
      const { workflow, resourceId, state } = await getOperation(tx, id)
      if (isDone(state) && state !== 'cancelled')
        throw new ToygresError(
          'OPERATION_DONE',
          `operation ${id} has ${state} already: there is nothing to cancel`,
        )
      if (workflow === deleteInstance.name)
        throw new ToygresError(
          'OPERATION_NOT_CANCELLABLE',
          'a deletion cannot be undone, so it cannot be cancelled',
        )
      await engine.cancel(tx, id)
      await audit(tx, principal, { action: 'operations.cancel', resourceId, operationId: id })
      return getOperation(tx, id)
    })
  }

  return { get: (id) => getOperation(sql, id), list, watch, cancel }
}
