import {
  Labels,
  ToygresError,
  Updated,
  type Instance,
  type Plan,
  type PlannedChange,
  type Principal,
  type UpdateInstance,
} from '@toygres/schema'
import { OperationInProgress } from '@toygres/workflow'
import type { ISql } from 'postgres'
import { audit } from '../access/audit.ts'
import { refuseDeleted, runningDeletion } from './delete.ts'
import { checkEtag, countChange } from './etag.ts'
import type { InstancesOptions } from './instances.ts'
import { changesBetween, planWithoutOperation } from './plan.ts'
import { getInstance, labelsJson, lockInstance } from './rows.ts'

export function updates({ sql, mutations, schedule }: InstancesOptions) {
  function update(principal: Principal, request: UpdateInstance): Promise<Updated> {
    return mutations.once(principal, { name: 'instances.update', request, answer: Updated }, async (tx) => {
      const { id } = await getInstance(tx, principal, request.id)
      const { healthCheckIntervalSeconds: interval } = request
      // The row of its health is locked before that of the instance (see schedule.ts).
      if (interval !== undefined) await schedule.lock(tx, id)
      const instance = await lockInstance(tx, principal, id)
      await refuseUnchangeable(tx, instance)
      checkEtag(instance, request.etag)
      if (changesIn(instance, request).length === 0) return { instance, operation: null }
      if (interval !== undefined && interval !== instance.healthCheckIntervalSeconds)
        await schedule.configure(tx, id, interval)
      const labels = labelsAfter(instance, request)
      if (labels !== undefined)
        await tx`update instances set labels = ${labelsJson(tx, labels)} where id = ${id}`
      await countChange(tx, id)
      await audit(tx, principal, { action: 'instances.update', resourceId: id })
      return { instance: await getInstance(tx, principal, id), operation: null }
    })
  }

  async function plan(principal: Principal, request: UpdateInstance): Promise<Plan> {
    const instance = await getInstance(sql, principal, request.id)
    await refuseUnchangeable(sql, instance)
    checkEtag(instance, request.etag)
    return planWithoutOperation(changesIn(instance, request))
  }

  return { update, plan }
}

function changesIn(instance: Instance, request: UpdateInstance): PlannedChange[] {
  const { labels, healthCheckIntervalSeconds } = instance
  return changesBetween(
    { labels, healthCheckIntervalSeconds },
    {
      labels: labelsAfter(instance, request),
      healthCheckIntervalSeconds: request.healthCheckIntervalSeconds,
    },
  )
}

/**
 * What it will be marked with; undefined where the request says nothing of it.
 * @throws {ToygresError} INVALID_INPUT where single labels would become too many
 */
function labelsAfter(
  { labels: before }: Instance,
  { labels, labelChanges }: UpdateInstance,
): Labels | undefined {
  if (labelChanges === undefined) return labels
  const after = Object.entries({ ...(labels ?? before), ...labelChanges }).filter(
    ([, value]) => value !== null,
  )
  const { data, error } = Labels.safeParse(Object.fromEntries(after))
  if (data !== undefined) return data
  const message = error.issues[0]?.message ?? 'these labels cannot be'
  throw new ToygresError('INVALID_INPUT', message, {
    details: { errors: [{ path: 'labelChanges', message }] },
  })
}

/** @throws {ToygresError} INSTANCE_NOT_FOUND {@link OperationInProgress} */
async function refuseUnchangeable(sql: ISql, instance: Instance): Promise<void> {
  refuseDeleted(instance)
  const deletion = await runningDeletion(sql, instance.id)
  if (deletion !== null) throw new OperationInProgress(deletion)
}
