import {
  ApiKey,
  CreatedApiKey,
  ToygresError,
  type ApiKeyPage,
  type CreateApiKey,
  type ListApiKeys,
  type Principal,
  type RevokeApiKey,
  type RotateApiKey,
} from '@toygres/schema'
import type { ISql, Sql } from 'postgres'
import { z } from 'zod'
import type { Keys } from '../control-plane.ts'
import { pageBy, readCursor } from '../page.ts'
import { keepProject } from '../projects/rows.ts'
import { createApiKey } from './api-keys.ts'
import { audit } from './audit.ts'
import type { Mutations } from './idempotency.ts'
import { knownTo } from './known-keys.ts'
import { rotateApiKey } from './rotate.ts'

const columns = (sql: ISql) => sql`
  id, project_id as "projectId", name, role, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", revoked_at as "revokedAt",
  replaced_by as "replacedBy",
  case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state`

/** Where a page ended: when its last key was made, in microseconds, and that key, which may be forgotten meanwhile. Cursors once told only the latter. */
const Place = z.string().regex(/^(\d{1,16}_)?[0-9a-f]{16}$/)

const after = (sql: ISql, place: string) => {
  const [id = '', micros] = place.split('_').toReversed()
  const madeAt =
    micros === undefined
      ? sql`(select created_at from api_keys where id = ${id})`
      : sql`timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond'`
  return sql`and (created_at, id) < (${madeAt}, ${id})`
}

export function keysOf(sql: Sql, mutations: Mutations): Keys {
  /** Newest first. */
  async function list(principal: Principal, { cursor, limit }: ListApiKeys): Promise<ApiKeyPage> {
    const place = readCursor('keys.list', cursor, Place)
    const rows = await sql<{ place: string }[]>`
      select ${columns(sql)}, (extract(epoch from created_at) * 1000000)::bigint || '_' || id as place
      from api_keys where ${knownTo(principal, sql)} ${place === undefined ? sql`` : after(sql, place)}
      order by created_at desc, id desc limit ${limit + 1}`
    const { items, nextCursor } = pageBy('keys.list', rows, limit, (row) => row.place)
    return { items: items.map((row) => ApiKey.parse(row)), nextCursor }
  }

  function create(principal: Principal, request: CreateApiKey): Promise<CreatedApiKey> {
    const { name, role, system = false, validDays } = request
    return mutations.once(principal, { name: 'keys.create', request, answer: CreatedApiKey }, async (tx) => {
      if (system && !principal.system)
        throw new ToygresError(
          'PERMISSION_DENIED',
          'only a key of the system makes others: ask whoever has one',
        )
      const projectId = system ? null : principal.projectId
      // A deletion revokes the keys that it finds: none is to come after.
      if (projectId !== null) await keepProject(tx, projectId)
      const expiry = validDays && { validDays }
      const { id, secret } = await createApiKey(tx, { name, role, projectId, ...expiry })
      await audit(tx, principal, { action: 'keys.create', resourceId: id, projectId })
      return { key: await getKey(tx, principal, id), secret }
    })
  }

  function revoke(principal: Principal, request: RevokeApiKey): Promise<ApiKey> {
    return mutations.once(principal, { name: 'keys.revoke', request, answer: ApiKey }, async (tx) => {
      const { id } = request
      const { projectId } = await getKey(tx, principal, id)
      const revoked = await tx`
        update api_keys set revoked_at = now() where id = ${id} and revoked_at is null returning id`
      if (revoked.length > 0) await audit(tx, principal, { action: 'keys.revoke', resourceId: id, projectId })
      return getKey(tx, principal, id)
    })
  }

  function rotate(principal: Principal, request: RotateApiKey): Promise<CreatedApiKey> {
    return mutations.once(principal, { name: 'keys.rotate', request, answer: CreatedApiKey }, async (tx) => {
      const { projectId } = await getKey(tx, principal, request.id)
      if (projectId !== null) await keepProject(tx, projectId)
      const { id, secret } = await rotateApiKey(tx, request)
      await audit(tx, principal, { action: 'keys.rotate', resourceId: request.id, projectId })
      return { key: await getKey(tx, principal, id), secret }
    })
  }

  return { list, get: (principal, id) => getKey(sql, principal, id), create, revoke, rotate }
}

async function getKey(sql: ISql, principal: Principal, id: string): Promise<ApiKey> {
  const [row] = await sql`
    select ${columns(sql)} from api_keys where id = ${id} and ${knownTo(principal, sql)}`
  if (row === undefined)
    throw new ToygresError(
      'API_KEY_NOT_FOUND',
      `there is no API key ${id}; "toygres keys list" shows those that exist`,
    )
  return ApiKey.parse(row)
}
