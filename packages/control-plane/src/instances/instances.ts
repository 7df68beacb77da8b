import type { InstanceProvider } from '@toygres/providers'
import {
  ToygresError,
  defaultHealthCheckIntervalSeconds,
  type Accepted,
  type Connection,
  type CreateInstance,
  type DeleteInstance,
  type Instance,
  type InstanceIdOrName,
  type InstancePage,
  type ListInstances,
  type Principal,
} from '@toygres/schema'
import { newId, type Engine } from '@toygres/workflow'
import type { ISql, Sql, TransactionSql } from 'postgres'
import { audit } from '../access/audit.ts'
import { once, type Effect } from '../access/idempotency.ts'
import type { Instances } from '../control-plane.ts'
import { getOperation } from '../operations/rows.ts'
import { pageOf, readCursor } from '../page.ts'
import { createInstance } from '../workflows/create-instance.ts'
import { deleteInstance } from '../workflows/delete-instance.ts'
import type { Dependencies } from '../workflows/dependencies.ts'
import type { Credentials } from './credentials.ts'
import { connectionTo } from './login.ts'
import { findInstance, getInstance, listInstances, lockInstance } from './rows.ts'

export interface InstancesOptions {
  readonly sql: Sql
  readonly engine: Engine<Dependencies>
  readonly provider: InstanceProvider
  readonly credentials: Credentials
}

export function instancesOf({ sql, engine, provider, credentials }: InstancesOptions): Instances {
  async function create(
    principal: Principal,
    { idempotencyKey, ...request }: CreateInstance,
  ): Promise<Accepted> {
    return sql.begin<Accepted>(async (tx) => {
      const keyed = {
        principal,
        key: idempotencyKey,
        request: ['instances.create', request.name, request.version, request.healthCheckIntervalSeconds],
      }
      const effect = await once(tx, keyed, async () => {
        const {
          name,
          version,
          healthCheckIntervalSeconds: intervalS = defaultHealthCheckIntervalSeconds,
        } = request
        const id = newId()
        await insertInstance(tx, { id, name, version, provider: provider.name, intervalS })
        const input = { id, name, version }
        const operationId = await engine.start(tx, createInstance, {
          resourceId: id,
          input,
          requestedBy: principal.subject,
          group: provider.name,
        })
        await audit(tx, principal, { action: 'instances.create', resourceId: id, operationId })
        return { instanceId: id, operationId }
      })
      return accepted(tx, effect)
    })
  }

  async function remove(
    principal: Principal,
    { id: idOrName, idempotencyKey }: DeleteInstance,
  ): Promise<Accepted> {
    return sql.begin<Accepted>(async (tx) => {
      const keyed = { principal, key: idempotencyKey, request: ['instances.delete', idOrName] }
      const effect = await once(tx, keyed, async () => {
        const { id, name, version, state } = await lockInstance(tx, idOrName)
        if (state === 'deleted')
          throw new ToygresError('INSTANCE_NOT_FOUND', `instance ${name} (${id}) is deleted already`)
        const active = await engine.findActive(tx, id)
        const running = [active, active?.followedBy].find((o) => o?.workflow === deleteInstance.name)
        if (running) return { instanceId: id, operationId: running.id }
        if (active !== null) await engine.cancel(tx, active.id)
        const operationId = await engine.start(tx, deleteInstance, {
          resourceId: id,
          input: { id, name, version },
          requestedBy: principal.subject,
          group: provider.name,
          ...(active !== null && { after: active.id }),
        })
        await audit(tx, principal, { action: 'instances.delete', resourceId: id, operationId })
        return { instanceId: id, operationId }
      })
      return accepted(tx, effect)
    })
  }

  async function connection(principal: Principal, idOrName: InstanceIdOrName): Promise<Connection> {
    const { id, name, state, host, port } = await getInstance(sql, idOrName)
    const password = state === 'running' ? await credentials.find(id) : null
    // Without a password it has been deleted since it was found running.
    if (password === null || host === null || port === null)
      throw new ToygresError(
        'INSTANCE_NOT_RUNNING',
        `instance ${name} is ${state === 'running' ? 'deleted' : state}: only a running one can be connected to`,
      )
    await audit(sql, principal, { action: 'instances.connection', resourceId: id })
    return connectionTo({ host, port }, password)
  }

  return {
    create,
    delete: remove,
    connection,
    get: (idOrName) => getInstance(sql, idOrName),
    async list({ cursor, limit, includeDeleted }: ListInstances): Promise<InstancePage> {
      return pageOf(
        await listInstances(sql, { includeDeleted, before: readCursor(cursor), limit: limit + 1 }),
        limit,
      )
    },
  }
}

interface NewInstance extends Pick<Instance, 'id' | 'name' | 'version' | 'provider'> {
  readonly intervalS: number
}

/** @throws {ToygresError} INSTANCE_NAME_TAKEN, naming the state of the instance that has it */
async function insertInstance(
  tx: TransactionSql,
  { id, name, version, provider, intervalS }: NewInstance,
): Promise<void> {
  const inserted = await tx`
    insert into instances (id, name, version, provider, health_check_interval_s)
    values (${id}, ${name}, ${version}, ${provider}, ${intervalS})
    on conflict do nothing returning id`
  if (inserted.length > 0) return
  const owner = await findInstance(tx, name)
  throw new ToygresError(
    'INSTANCE_NAME_TAKEN',
    `the name ${name} is taken by an instance that is ${owner?.state ?? 'being made'}: choose another, or delete that one`,
    { details: owner?.activeOperationId ? { operationId: owner.activeOperationId } : {} },
  )
}

async function accepted(tx: ISql, { instanceId, operationId }: Effect): Promise<Accepted> {
  return { instance: await getInstance(tx, instanceId), operation: await getOperation(tx, operationId) }
}
