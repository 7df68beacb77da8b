import {
  Health,
  ToygresError,
  type ConfigureHealth,
  type GetHealthHistory,
  type HealthEventPage,
  type HealthHistory,
  type HealthPage,
  type InstanceIdOrName,
  type ListHealth,
  type ListHealthEvents,
  type Principal,
} from '@toygres/schema'
import type { Sql } from 'postgres'
import { audit } from '../access/audit.ts'
import type { Mutations } from '../access/idempotency.ts'
import type { HealthApi } from '../control-plane.ts'
import { checkEtag, countChange } from '../instances/etag.ts'
import { getInstance, lockInstance } from '../instances/rows.ts'
import { pageBy, pageOf, readCursor } from '../page.ts'
import { readHistory } from './history.ts'
import { listHealth, listHealthEvents, readHealth } from './rows.ts'
import type { HealthSchedule } from './schedule.ts'

export interface HealthOptions {
  readonly sql: Sql
  readonly mutations: Mutations
  readonly schedule: HealthSchedule
}

export function healthOf({ sql, mutations, schedule }: HealthOptions): HealthApi {
  async function get(principal: Principal, idOrName: InstanceIdOrName): Promise<Health> {
    const { id } = await getInstance(sql, principal, idOrName)
    return readHealth(sql, id)
  }

  async function list({ projectId }: Principal, { cursor, limit }: ListHealth): Promise<HealthPage> {
    const before = readCursor('health.list', cursor)
    const rows = await listHealth(sql, { projectId, before, limit: limit + 1 })
    return pageBy('health.list', rows, limit, ({ instanceId }) => instanceId)
  }

  function configure(principal: Principal, request: ConfigureHealth): Promise<Health> {
    return mutations.once(principal, { name: 'health.configure', request, answer: Health }, async (tx) => {
      const { id } = await getInstance(tx, principal, request.id)
      const { checkIntervalSeconds: interval } = request
      // The row of its health is locked before that of the instance (see schedule.ts).
      await schedule.lock(tx, id)
      const instance = await lockInstance(tx, principal, id)
      if (instance.state === 'deleted')
        throw new ToygresError('INSTANCE_NOT_FOUND', `instance ${instance.name} (${id}) is deleted already`)
      checkEtag(instance, request.etag)
      if (interval === instance.healthCheckIntervalSeconds) return readHealth(tx, id)
      await schedule.configure(tx, id, interval)
      await countChange(tx, id)
      await audit(tx, principal, { action: 'health.configure', resourceId: id })
      return readHealth(tx, id)
    })
  }

  async function history(
    principal: Principal,
    { id: idOrName, ...range }: GetHealthHistory,
  ): Promise<HealthHistory> {
    const { id } = await getInstance(sql, principal, idOrName)
    return readHistory(sql, id, range)
  }

  async function events(
    principal: Principal,
    { id: idOrName, cursor, limit }: ListHealthEvents,
  ): Promise<HealthEventPage> {
    const { id } = await getInstance(sql, principal, idOrName)
    return pageOf(
      'health.events',
      await listHealthEvents(sql, id, { before: readCursor('health.events', cursor), limit: limit + 1 }),
      limit,
    )
  }

  return { get, list, configure, history, events }
}
