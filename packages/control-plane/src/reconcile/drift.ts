import type { DriftPage, ListDrift, Principal } from '@toygres/schema'
import { InstanceId } from '@toygres/schema'
import type { Sql } from 'postgres'
import type { DriftApi } from '../control-plane.ts'
import { getInstance } from '../instances/rows.ts'
import { pageOf, readCursor } from '../page.ts'
import { listDrift } from './drift-rows.ts'

export function driftOf({ sql }: { readonly sql: Sql }): DriftApi {
  /** An orphan is of no instance that metadata knows: the system takes its id as it is. */
  async function idOf(principal: Principal, idOrName: string): Promise<string> {
    if (principal.system && InstanceId.safeParse(idOrName).success) return idOrName
    return (await getInstance(sql, principal, idOrName)).id
  }

  async function list(
    principal: Principal,
    { instance, includeResolved, cursor, limit }: ListDrift,
  ): Promise<DriftPage> {
    const { projectId, system } = principal
    const instanceId = instance === undefined ? undefined : await idOf(principal, instance)
    const before = readCursor('drift.list', cursor)
    const filter = { projectId, orphans: system, instanceId, includeResolved, before, limit: limit + 1 }
    return pageOf('drift.list', await listDrift(sql, filter), limit)
  }

  return { list }
}
