import {
  Operation,
  ToygresError,
  type CancelOperation,
  type GetOperation,
  type ListOperationEvents,
  type ListOperations,
  type OperationEvent,
  type OperationEventPage,
  type OperationPage,
  type Principal,
  type RetryOperation,
  type WorkflowGraph,
} from '@toygres/schema'
import {
  isDone,
  listEvents,
  listOperations,
  readOperation,
  seconds,
  type Engine,
  type WorkflowGraph as Graph,
} from '@toygres/workflow'
import type { Sql, TransactionSql } from 'postgres'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import type { Mutations } from '../access/idempotency.ts'
import type { Operations } from '../control-plane.ts'
import { getInstance, lockInstance } from '../instances/rows.ts'
import { pageOf, readCursor } from '../page.ts'
import { makeRoomForOperation } from '../projects/quota.ts'
import { deleteInstance } from '../workflows/delete-instance.ts'
import type { Dependencies } from '../workflows/dependencies.ts'
import { eventFor } from './machines.ts'
import { getOperation, operationNotFound, readNames, toOperations } from './rows.ts'

export interface OperationsOptions {
  readonly sql: Sql
  readonly mutations: Mutations
  readonly engine: Engine<Dependencies>
  /** Those that the engine runs. */
  readonly workflows: readonly { name: string; version: number; graph(): Graph }[]
}

/** Where a page of events ended: the operation, and the `seq` of its event. */
const EventPosition = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/\d{1,9}$/)

export function operationsOf({ sql, mutations, engine, workflows }: OperationsOptions): Operations {
  async function list(
    principal: Principal,
    { cursor, limit, instance, state }: ListOperations,
  ): Promise<OperationPage> {
    const resourceId = instance === undefined ? undefined : (await getInstance(sql, principal, instance)).id
    const records = await listOperations(sql, {
      projectId: principal.projectId,
      resourceId,
      state,
      before: readCursor('operations.list', cursor),
      limit: limit + 1,
    })
    return pageOf('operations.list', await toOperations(sql, principal, records), limit)
  }

  async function events(
    principal: Principal,
    { cursor, limit, instance }: ListOperationEvents,
  ): Promise<OperationEventPage> {
    const resourceId = instance === undefined ? undefined : (await getInstance(sql, principal, instance)).id
    const [operationId, seq] = readCursor('operations.events', cursor, EventPosition)?.split('/') ?? []
    const records = await listEvents(sql, {
      projectId: principal.projectId,
      resourceId,
      after: operationId === undefined ? undefined : { operationId, seq: Number(seq) },
      limit: limit + 1,
    })
    const namesOf = await readNames(sql, principal, records)
    const { items, nextCursor } = pageOf(
      'operations.events',
      records.map((event) => ({
        id: `${event.operationId}/${event.seq}`,
        event: { ...eventFor(principal, event), ...namesOf(event) },
      })),
      limit,
    )
    return { items: items.map(({ event }) => event), nextCursor }
  }

  async function graph(principal: Principal, id: string): Promise<WorkflowGraph> {
    await getOperation(sql, principal, id)
    const record = await readOperation(sql, id)
    if (record === null) throw operationNotFound(id)
    const { workflow: name, version } = record
    const found = workflows.find((one) => one.name === name && one.version === version)
    if (found === undefined)
      throw new ToygresError('NOT_FOUND', `version ${version} of the workflow ${name} is not in this Toygres`)
    const { nodes, edges } = found.graph()
    return { workflow: name, version, nodes: [...nodes], edges: [...edges] }
  }

  async function* watch(
    principal: Principal,
    id: string,
    options: { afterSeq: number; signal: AbortSignal },
  ): AsyncGenerator<OperationEvent> {
    await getOperation(sql, principal, id)
    for await (const event of engine.watch(id, { ...options, sql }))
      yield { operationId: id, ...eventFor(principal, event) }
  }

  async function wait(
    principal: Principal,
    { id, waitSeconds = 0 }: GetOperation,
    signal: AbortSignal,
  ): Promise<Operation> {
    if (waitSeconds > 0) {
      const bound = AbortSignal.any([signal, AbortSignal.timeout(seconds(waitSeconds))])
      for await (const _ of watch(principal, id, { afterSeq: 0, signal: bound }));
    }
    return getOperation(sql, principal, id)
  }

  function cancel(principal: Principal, request: CancelOperation): Promise<Operation> {
    return mutations.once(
      principal,
      { name: 'operations.cancel', request, answer: Operation },
      async (tx) => {
        const { id } = request
        const { workflow, resourceId, state: before } = await lockedOperation(tx, principal, id)
        if (workflow === deleteInstance.name && !isDone(before))
          throw new ToygresError(
            'OPERATION_NOT_CANCELLABLE',
            'a deletion cannot be undone, so it cannot be cancelled',
          )
        // By its answer: the operation may have ended since it was read.
        const state = await engine.cancel(tx, id)
        if (state === 'succeeded' || state === 'failed')
          throw new ToygresError(
            'OPERATION_DONE',
            `operation ${id} has ${state} already: there is nothing to cancel`,
          )
        if (state !== before)
          await audit(tx, principal, { action: 'operations.cancel', resourceId, operationId: id })
        return getOperation(tx, principal, id)
      },
    )
  }

  function retry(principal: Principal, request: RetryOperation): Promise<Operation> {
    return mutations.once(principal, { name: 'operations.retry', request, answer: Operation }, async (tx) => {
      const { id } = request
      const { resourceId, state: before } = await lockedOperation(tx, principal, id)
      const { name, state: instanceState } = await getInstance(tx, principal, resourceId)
      if (before === 'succeeded' || before === 'cancelled')
        throw new ToygresError(
          'OPERATION_DONE',
          `operation ${id} has ${before === 'succeeded' ? before : 'been cancelled'}: only one that failed, or is parked, can be tried again`,
        )
      if (instanceState === 'deleted')
        throw new ToygresError('OPERATION_DONE', `instance ${name} is deleted: there is nothing to try again`)
      if (isDone(before)) await makeRoomForOperation(tx, principal.projectId)
      const state = await engine.retry(tx, id)
      if (state !== before)
        await audit(tx, principal, { action: 'operations.retry', resourceId, operationId: id })
      return getOperation(tx, principal, id)
    })
  }

  /** With its instance locked, as a deletion does it: whoever changes what an operation is about waits for the other. */
  async function lockedOperation(tx: TransactionSql, principal: Principal, id: string): Promise<Operation> {
    const { resourceId } = await getOperation(tx, principal, id)
    await lockInstance(tx, principal, resourceId)
    return getOperation(tx, principal, id)
  }

  return {
    get: (principal, id) => getOperation(sql, principal, id),
    wait,
    list,
    events,
    graph,
    watch,
    cancel,
    retry,
  }
}
