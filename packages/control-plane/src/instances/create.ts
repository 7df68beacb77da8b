import {
  Accepted,
  ToygresError,
  defaultHealthCheckIntervalSeconds,
  type CreateInstance,
  type Instance,
  type Plan,
  type Principal,
} from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { TransactionSql } from 'postgres'
import { audit } from '../access/audit.ts'
import { makeRoomForInstance } from '../projects/quota.ts'
import { createInstance } from '../workflows/create-instance.ts'
import { accepted } from './accepted.ts'
import type { InstancesOptions } from './instances.ts'
import { changesBetween, planOf } from './plan.ts'
import { findInstance, labelsJson } from './rows.ts'

export function creation({ sql, mutations, engine, provider }: InstancesOptions) {
  const settingsOf = ({ name, version, labels = {}, ...request }: CreateInstance) => ({
    name,
    version,
    labels,
    provider: provider.name,
    healthCheckIntervalSeconds: request.healthCheckIntervalSeconds ?? defaultHealthCheckIntervalSeconds,
  })

  const create = (principal: Principal, request: CreateInstance): Promise<Accepted> =>
    mutations.once(principal, { name: 'instances.create', request, answer: Accepted }, (tx) =>
      createIn(tx, principal, request),
    )

  async function createIn(
    tx: TransactionSql,
    principal: Principal,
    request: CreateInstance,
  ): Promise<Accepted> {
    const id = newId()
    const { name, version, ...settings } = settingsOf(request)
    const { projectId } = principal
    await makeRoomForInstance(tx, projectId)
    await insertInstance(tx, { id, projectId, name, version, ...settings })
    const operationId = await engine.start(tx, createInstance, {
      resourceId: id,
      input: { id, name, version },
      requestedBy: principal.subject,
      projectId,
      group: provider.name,
    })
    await audit(tx, principal, { action: 'instances.create', resourceId: id, operationId })
    return accepted(tx, principal, { instanceId: id, operationId })
  }

  async function plan(principal: Principal, request: CreateInstance): Promise<Plan> {
    const settings = settingsOf(request)
    await sql.begin((tx) => makeRoomForInstance(tx, principal.projectId))
    const owner = await findInstance(sql, principal, settings.name)
    if (owner !== null) throw nameTaken(settings.name, owner)
    return planOf(createInstance.graph(), { changes: changesBetween({}, settings) })
  }

  return { create, createIn, plan }
}

type NewInstance = Pick<
  Instance,
  'id' | 'projectId' | 'name' | 'version' | 'provider' | 'labels' | 'healthCheckIntervalSeconds'
>

/** @throws {ToygresError} INSTANCE_NAME_TAKEN, naming the state of the instance that has it */
async function insertInstance(tx: TransactionSql, instance: NewInstance): Promise<void> {
  const { id, projectId, name, version, provider, labels, healthCheckIntervalSeconds } = instance
  const inserted = await tx`
    insert into instances (id, project_id, name, version, provider, labels, health_check_interval_s)
    values (${id}, ${projectId}, ${name}, ${version}, ${provider}, ${labelsJson(tx, labels)}, ${healthCheckIntervalSeconds})
    on conflict do nothing returning id`
  if (inserted.length === 0) throw nameTaken(name, await findInstance(tx, { projectId }, name))
}

function nameTaken(name: string, owner: Instance | null): ToygresError {
  const active = owner?.activeOperationId
  const advice = owner?.state === 'deleting' ? 'wait until it is gone' : 'delete that one'
  return new ToygresError(
    'INSTANCE_NAME_TAKEN',
    `the name ${name} is taken by an instance that is ${owner?.state ?? 'being made'}: choose another, or ${advice}`,
    { details: active ? { activeOperationId: active } : {} },
  )
}
