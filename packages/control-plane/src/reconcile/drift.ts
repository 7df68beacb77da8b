import { InstanceId, type DriftPage, type InstanceIdOrName, type ListDrift } from '@toygres/schema'
import type { Sql } from 'postgres'
import type { DriftApi } from '../control-plane.ts'
import { getInstance } from '../instances/rows.ts'
import { pageOf, readCursor } from '../page.ts'
import { listDrift } from './drift-rows.ts'

export function driftOf({ sql }: { readonly sql: Sql }): DriftApi {
  // An orphan is of no instance that metadata knows: its id is taken as it is.
  const idOf = async (idOrName: InstanceIdOrName) =>
    InstanceId.safeParse(idOrName).success ? idOrName : (await getInstance(sql, idOrName)).id

  async function list({ instance, includeResolved, cursor, limit }: ListDrift): Promise<DriftPage> {
    const instanceId = instance === undefined ? undefined : await idOf(instance)
    const filter = { instanceId, includeResolved, before: readCursor(cursor), limit: limit + 1 }
    return pageOf(await listDrift(sql, filter), limit)
  }

  return { list }
}
