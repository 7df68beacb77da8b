import {
  ToygresError,
  Updated,
  type Instance,
  type Plan,
  type Principal,
  type StartInstance,
  type StopInstance,
} from '@toygres/schema'
import { OperationInProgress } from '@toygres/workflow'
import type { ISql, TransactionSql } from 'postgres'
import { audit } from '../access/audit.ts'
import { getOperation } from '../operations/rows.ts'
import { makeRoomForOperation } from '../projects/quota.ts'
import { isDown } from '../reconcile/drift-rows.ts'
import { startInstance } from '../workflows/start-instance.ts'
import { stopInstance } from '../workflows/stop-instance.ts'
import { refuseDeleted, runningDeletion } from './delete.ts'
import { checkEtag, countChange } from './etag.ts'
import type { InstancesOptions } from './instances.ts'
import { changesBetween, planOf, planWithoutOperation } from './plan.ts'
import { getInstance, lockInstance } from './rows.ts'

interface Switch {
  readonly name: 'instances.stop' | 'instances.start'
  readonly workflow: typeof stopInstance | typeof startInstance
  readonly from: 'running' | 'stopped'
  readonly to: 'running' | 'stopped'
  /** For people: why an instance in another state is refused. */
  readonly only: string
}

const stopping: Switch = {
  name: 'instances.stop',
  workflow: stopInstance,
  from: 'running',
  to: 'stopped',
  only: 'only a running one can be stopped',
}

const starting: Switch = {
  name: 'instances.start',
  workflow: startInstance,
  from: 'stopped',
  to: 'running',
  only: 'only a stopped one can be started',
}

/** Whether an instance's server runs, which its owner decides. Who asks for what is so, or under way, is told that. */
export function stopAndStart({ sql, mutations, engine, provider }: InstancesOptions) {
  const change = (
    principal: Principal,
    request: StopInstance | StartInstance,
    wanted: Switch,
  ): Promise<Updated> =>
    mutations.once(principal, { name: wanted.name, request, answer: Updated }, async (tx) => {
      const instance = await lockInstance(tx, principal, request.id)
      refuseDeleted(instance)
      // Locked, so that it cannot end meanwhile.
      const active = await engine.findActive(tx, instance.id)
      const answer = (operationId: string | null) =>
        updated(tx, principal, { instanceId: instance.id, operationId })
      const same = await underWay(tx, instance, wanted)
      if (same !== null) return answer(same)
      const repair = await repairUnderWay(tx, instance.id)
      if (active !== null && active.id !== repair) throw new OperationInProgress(active.id)
      if (active?.followedBy) throw new OperationInProgress(active.followedBy.id)
      checkEtag(instance, request.etag)
      if (await isSo(tx, instance, wanted)) return answer(null)
      await makeRoomForOperation(tx, principal.projectId)
      // What the system does by itself gives way to what the owner wants.
      if (repair !== null) await engine.cancel(tx, repair)
      const operationId = await begin(tx, principal, { instance, wanted, after: repair })
      await countChange(tx, instance.id)
      await audit(tx, principal, { action: wanted.name, resourceId: instance.id, operationId })
      return answer(operationId)
    })

  function begin(
    tx: TransactionSql,
    principal: Principal,
    {
      instance: { id, name, version, state },
      wanted,
      after,
    }: { instance: Instance; wanted: Switch; after: string | null },
  ): Promise<string> {
    const asked = {
      resourceId: id,
      requestedBy: principal.subject,
      projectId: principal.projectId,
      group: provider.name,
      ...(after !== null && { after }),
    }
    const input = { id, name, version }
    if (wanted.to === 'stopped')
      return engine.start(tx, stopInstance, { ...asked, input: { ...input, repairs: null } })
    const repairs = state === 'running' ? 'server-down' : null
    return engine.start(tx, startInstance, { ...asked, input: { ...input, repairs } })
  }

  async function plan(
    principal: Principal,
    request: StopInstance | StartInstance,
    wanted: Switch,
  ): Promise<Plan> {
    const instance = await getInstance(sql, principal, request.id)
    refuseDeleted(instance)
    if ((await underWay(sql, instance, wanted)) !== null) return planWithoutOperation([])
    const repair = await repairUnderWay(sql, instance.id)
    const deletion = await runningDeletion(sql, instance.id)
    const inTheWay = deletion ?? instance.activeOperationId
    if (inTheWay !== null && inTheWay !== repair) throw new OperationInProgress(inTheWay)
    checkEtag(instance, request.etag)
    if (await isSo(sql, instance, wanted)) return planWithoutOperation([])
    await sql.begin((tx) => makeRoomForOperation(tx, principal.projectId))
    return planOf(wanted.workflow.graph(), {
      changes: changesBetween({ state: instance.state }, { state: wanted.to }),
      cancels: repair,
    })
  }

  return {
    stop: (principal: Principal, request: StopInstance) => change(principal, request, stopping),
    planStop: (principal: Principal, request: StopInstance) => plan(principal, request, stopping),
    start: (principal: Principal, request: StartInstance) => change(principal, request, starting),
    planStart: (principal: Principal, request: StartInstance) => plan(principal, request, starting),
  }
}

/**
 * Whether there is nothing to do. A running instance whose server is down can be started: its owner need not wait until the system
 * tries again, if it does.
 * @throws {ToygresError} INSTANCE_NOT_RUNNING
 */
async function isSo(sql: ISql, { id, name, state }: Instance, { from, to, only }: Switch): Promise<boolean> {
  if (state === to) return to === 'stopped' || !(await isDown(sql, id))
  if (state === from) return false
  throw new ToygresError('INSTANCE_NOT_RUNNING', `instance ${name} is ${state}: ${only}`)
}

async function updated(
  tx: ISql,
  principal: Principal,
  { instanceId, operationId }: { instanceId: string; operationId: string | null },
): Promise<Updated> {
  const operation = operationId === null ? null : await getOperation(tx, principal, operationId)
  return { instance: await getInstance(tx, principal, instanceId), operation }
}

/** The operation that does what is asked for, be it one of the system, unless it is being taken back. */
async function underWay(sql: ISql, { id }: Instance, { workflow }: Switch): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from operations
    where resource_id = ${id} and workflow = ${workflow.name} and ended_at is null
      and coalesce(input ->> 'repairs', 'server-down') = 'server-down' and state in ('queued', 'running', 'parked')`
  return row?.id ?? null
}

async function repairUnderWay(sql: ISql, instanceId: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from operations
    where resource_id = ${instanceId} and requested_by = 'system' and ended_at is null and after_operation is null
      and input ->> 'repairs' is not null`
  return row?.id ?? null
}
