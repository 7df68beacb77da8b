import type { InstanceProvider } from '@toygres/providers'
import {
  ToygresError,
  type Connection,
  type Instance,
  type InstanceIdOrName,
  type InstancePage,
  type ListInstances,
  type Principal,
} from '@toygres/schema'
import type { Engine } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { audit } from '../access/audit.ts'
import type { BulkTurns } from '../access/bulk-turns.ts'
import type { Mutations } from '../access/idempotency.ts'
import type { AuditLog, Instances } from '../control-plane.ts'
import type { HealthSchedule } from '../health/schedule.ts'
import { pageOf, readCursor } from '../page.ts'
import type { Dependencies } from '../workflows/dependencies.ts'
import { bulkOf } from './bulk.ts'
import type { InstanceChanges } from './changes.ts'
import { creation } from './create.ts'
import type { Credentials } from './credentials.ts'
import { deletion } from './delete.ts'
import type { InstanceReads } from './instance-reads.ts'
import { connectionTo } from './login.ts'
import { readLogs } from './logs.ts'
import { getInstance, instanceNotFound, listInstances } from './rows.ts'
import { stopAndStart } from './stop-and-start.ts'
import { updates } from './update.ts'

export interface InstancesOptions {
  readonly sql: Sql
  /** Of the call that they are for. */
  readonly signal: AbortSignal
  readonly reads: InstanceReads
  readonly mutations: Mutations
  readonly turns: BulkTurns
  readonly engine: Engine<Dependencies>
  readonly provider: InstanceProvider
  readonly credentials: Credentials
  readonly schedule: HealthSchedule
  readonly changes: InstanceChanges
  readonly auditLog: Pick<AuditLog, 'refused'>
}

export function instancesOf(options: InstancesOptions): Instances {
  const { create, createIn, plan: planCreate } = creation(options)
  const { sql, signal, reads, credentials, changes, auditLog } = options
  const { update, plan: planUpdate } = updates(options)
  const { remove, removeIn, plan: planDelete } = deletion(options)
  const { stop, planStop, start, planStart } = stopAndStart(options)
  const { createMany, deleteMany } = bulkOf({ ...options, createIn, removeIn })

  async function get(principal: Principal, idOrName: InstanceIdOrName): Promise<Instance> {
    const instance = await reads.find(principal, idOrName, signal)
    if (instance === null) throw await instanceNotFound(sql, principal, idOrName)
    return instance
  }

  async function list(
    { projectId }: Principal,
    { cursor, limit, includeDeleted }: ListInstances,
  ): Promise<InstancePage> {
    const before = readCursor('instances.list', cursor)
    return pageOf(
      'instances.list',
      await listInstances(sql, { projectId, includeDeleted, before, limit: limit + 1 }),
      limit,
    )
  }

  /** A refusal is written down too: who asks for passwords that are not theirs is worth knowing. */
  async function connection(principal: Principal, idOrName: InstanceIdOrName): Promise<Connection> {
    const action = 'instances.connection'
    try {
      const { id, connection: revealed } = await reveal(principal, idOrName)
      await audit(sql, principal, { action, resourceId: id })
      return revealed
    } catch (error) {
      if (error instanceof ToygresError)
        await auditLog.refused(principal, { action, resourceId: idOrName, code: error.code })
      throw error
    }
  }

  async function reveal(principal: Principal, idOrName: InstanceIdOrName) {
    const { id, name, state, host, port } = await getInstance(sql, principal, idOrName)
    const password = state === 'running' ? await credentials.find(id) : null
    // Without a password it has been deleted since it was found running.
    if (password === null || host === null || port === null)
      throw new ToygresError(
        'INSTANCE_NOT_RUNNING',
        `instance ${name} is ${state === 'running' ? 'deleted' : state}: ${
          state === 'stopped' ? 'start it to connect to it' : 'only a running one can be connected to'
        }`,
      )
    return { id, connection: connectionTo({ host, port }, password) }
  }

  return {
    create,
    planCreate,
    update,
    planUpdate,
    delete: remove,
    planDelete,
    stop,
    planStop,
    start,
    planStart,
    createMany,
    deleteMany,
    get,
    list,
    logs: (principal, request, leaving) => readLogs(options, principal, request, leaving),
    watch: (principal, position) => changes.watch(principal, position),
    connection,
  }
}
