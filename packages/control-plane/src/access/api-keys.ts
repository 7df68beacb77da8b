import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Role, type Principal } from '@toygres/schema'
import type { ISql } from 'postgres'
import { z } from 'zod'

const format = /^toygres_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Makes a key and keeps its hash. The returned text is the only copy there will ever be. */
export async function createApiKey(sql: ISql, { name, role }: { name: string; role: Role }): Promise<string> {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  await sql`insert into api_keys (id, name, role, secret_hash) values (${id}, ${name}, ${role}, ${hashOf(secret)})`
  return `toygres_${id}_${secret}`
}

const KeyRow = z.object({ role: Role, hash: z.instanceof(Uint8Array), stale: z.boolean() })

/** Who holds this key; null for a key that is unknown, malformed, expired or revoked, without telling which. */
export async function authenticate(sql: ISql, key: string): Promise<Principal | null> {
  const [, id, secret] = format.exec(key) ?? []
  if (id === undefined || secret === undefined) return null
  const [found] = await sql`
    select role, secret_hash as hash, coalesce(last_used_at < now() - interval '1 minute', true) as stale from api_keys
    where id = ${id} and revoked_at is null and coalesce(expires_at > now(), true)`
  if (found === undefined) return null
  const row = KeyRow.parse(found)
  if (!timingSafeEqual(row.hash, hashOf(secret))) return null
  // Once a minute is enough to tell a key in use from one that is not.
  if (row.stale) await sql`update api_keys set last_used_at = now() where id = ${id}`
  return { subject: `api-key:${id}`, role: row.role }
}
