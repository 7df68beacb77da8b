import {
  Accepted,
  ToygresError,
  type DeleteInstance,
  type Instance,
  type Plan,
  type Principal,
} from '@toygres/schema'
import type { ISql, TransactionSql } from 'postgres'
import { audit } from '../access/audit.ts'
import { deleteInstance } from '../workflows/delete-instance.ts'
import { accepted } from './accepted.ts'
import { checkEtag, countChange } from './etag.ts'
import type { InstancesOptions } from './instances.ts'
import { planOf, planWithoutOperation } from './plan.ts'
import { getInstance, lockInstance } from './rows.ts'

export function deletion({ sql, mutations, engine, provider }: InstancesOptions) {
  const remove = (principal: Principal, request: DeleteInstance): Promise<Accepted> =>
    mutations.once(principal, { name: 'instances.delete', request, answer: Accepted }, (tx) =>
      removeIn(tx, principal, request),
    )

  async function removeIn(
    tx: TransactionSql,
    principal: Principal,
    request: DeleteInstance,
  ): Promise<Accepted> {
    const instance = await lockInstance(tx, principal, request.id)
    const { id, name, version } = instance
    refuseDeleted(instance)
    // Locked, so that it cannot end meanwhile.
    const active = await engine.findActive(tx, id)
    const running = await runningDeletion(tx, id)
    if (running !== null) return accepted(tx, principal, { instanceId: id, operationId: running })
    checkEtag(instance, request.etag)
    // A stop, too, may wait for the end of another: of a repair.
    const before = [active, active?.followedBy].flatMap((operation) => operation?.id ?? [])
    for (const operation of before) await engine.cancel(tx, operation)
    const after = before.at(-1)
    const operationId = await engine.start(tx, deleteInstance, {
      resourceId: id,
      input: { id, name, version },
      requestedBy: principal.subject,
      projectId: principal.projectId,
      group: provider.name,
      ...(after !== undefined && { after }),
    })
    await countChange(tx, id)
    await audit(tx, principal, { action: 'instances.delete', resourceId: id, operationId })
    return accepted(tx, principal, { instanceId: id, operationId })
  }

  async function plan(principal: Principal, request: DeleteInstance): Promise<Plan> {
    const instance = await getInstance(sql, principal, request.id)
    refuseDeleted(instance)
    if ((await runningDeletion(sql, instance.id)) !== null) return planWithoutOperation([])
    checkEtag(instance, request.etag)
    return planOf(deleteInstance.graph(), {
      changes: [{ path: 'state', from: instance.state, to: 'deleted' }],
      cancels: instance.activeOperationId,
    })
  }

  return { remove, removeIn, plan }
}

export function refuseDeleted({ id, name, state }: Instance): void {
  if (state === 'deleted')
    throw new ToygresError('INSTANCE_NOT_FOUND', `instance ${name} (${id}) is deleted already`)
}

/** Also one that waits for the end of what it pre-empts. */
export async function runningDeletion(sql: ISql, instanceId: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from operations
    where resource_id = ${instanceId} and workflow = ${deleteInstance.name} and ended_at is null`
  return row?.id ?? null
}
