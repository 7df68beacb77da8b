import {
  ApiKey,
  ApiKeyId,
  CreatedApiKey,
  ToygresError,
  type ApiKeyPage,
  type CreateApiKey,
  type ListApiKeys,
  type Principal,
  type RevokeApiKey,
} from '@toygres/schema'
import type { ISql, Sql } from 'postgres'
import type { Keys } from '../control-plane.ts'
import { pageOf, readCursor } from '../page.ts'
import { createApiKey } from './api-keys.ts'
import { audit } from './audit.ts'
import type { Mutations } from './idempotency.ts'

const columns = (sql: ISql) => sql`
  id, name, role, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", revoked_at as "revokedAt",
  case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state`

export function keysOf(sql: Sql, mutations: Mutations): Keys {
  /** Newest first. */
  async function list({ cursor, limit }: ListApiKeys): Promise<ApiKeyPage> {
    const before = readCursor(cursor, ApiKeyId)
    const older =
      before && sql`where (created_at, id) < (select created_at, id from api_keys where id = ${before})`
    const rows = await sql`
      select ${columns(sql)} from api_keys ${older ?? sql``} order by created_at desc, id desc limit ${limit + 1}`
    return pageOf(
      rows.map((row) => ApiKey.parse(row)),
      limit,
    )
  }

  function create(principal: Principal, request: CreateApiKey): Promise<CreatedApiKey> {
    return mutations.once(principal, { name: 'keys.create', request, answer: CreatedApiKey }, async (tx) => {
      const { name, role, validDays } = request
      const { id, secret } = await createApiKey(tx, { name, role, ...(validDays && { validDays }) })
      await audit(tx, principal, { action: 'keys.create', resourceId: id })
      return { key: await getKey(tx, id), secret }
    })
  }

  function revoke(principal: Principal, request: RevokeApiKey): Promise<ApiKey> {
    return mutations.once(principal, { name: 'keys.revoke', request, answer: ApiKey }, async (tx) => {
      const { id } = request
      const revoked = await tx`
        update api_keys set revoked_at = now() where id = ${id} and revoked_at is null returning id`
      if (revoked.length > 0) await audit(tx, principal, { action: 'keys.revoke', resourceId: id })
      return getKey(tx, id)
    })
  }

  return { list, create, revoke }
}

async function getKey(sql: ISql, id: string): Promise<ApiKey> {
  const [row] = await sql`select ${columns(sql)} from api_keys where id = ${id}`
  if (row === undefined)
    throw new ToygresError(
      'API_KEY_NOT_FOUND',
      `there is no API key ${id}; "toygres keys list" shows those that exist`,
    )
  return ApiKey.parse(row)
}
