import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Role } from '@toygres/schema'
import type { ISql, Sql } from 'postgres'
import { z } from 'zod'
import { JoinedReads } from '../database/joined-reads.ts'
import type { Authenticated } from './act-in.ts'
import type { KeyUse } from './key-use.ts'

const format = /^toygres_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/
const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')

export interface NewApiKey {
  readonly name: string
  readonly role: Role
  /** Null for one of the system, which opens every project. */
  readonly projectId: string | null
  /** Days until it expires; without it, it never does. */
  readonly validDays?: number
  /** The home whose `client.json` will hold it, in place of the one before. */
  readonly homeId?: string
}

export interface IssuedApiKey {
  readonly id: string
  /** `toygres_<id>_<random>`: the only copy there will ever be. */
  readonly secret: string
}

/** Makes a key and keeps its hash. */
export async function createApiKey(
  sql: ISql,
  { name, role, projectId, validDays, homeId }: NewApiKey,
): Promise<IssuedApiKey> {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  await sql`
    insert into api_keys (id, name, role, project_id, secret_hash, home_id, expires_at)
    values (${id}, ${name}, ${role}, ${projectId}, ${hashOf(secret)}, ${homeId ?? null}, now() + ${validDays ?? null}::integer * interval '1 day')`
  return { id, secret: `toygres_${id}_${secret}` }
}

/** Makes the admin key of a home's `client.json`, and revokes the ones that it had before: they are lost, or should be. */
export async function replaceHomeKey(
  sql: Sql,
  { homeId, name }: { homeId: string; name: string },
): Promise<string> {
  return sql.begin<string>(async (tx) => {
    await tx`update api_keys set revoked_at = now() where home_id = ${homeId} and revoked_at is null`
    const { secret } = await createApiKey(tx, { name, role: 'admin', projectId: null, homeId })
    return secret
  })
}

const KeyRow = z.object({
  role: Role,
  hash: z.instanceof(Uint8Array),
  projectId: z.string().nullable(),
})

/**
 * Tells whose a key is, each time by what the database says then: a key that was revoked opens nothing a moment later, anywhere. What is
 * open, the API ends at its next sign of life.
 */
export class KeyHolders {
  readonly #use: KeyUse
  /** A key that many calls show at once is looked up once for all of them. */
  readonly #rows: JoinedReads<z.infer<typeof KeyRow> | null>

  constructor(sql: ISql, use: KeyUse) {
    this.#use = use
    this.#rows = new JoinedReads((id) => findUsableKey(sql, id))
  }

  /** Null for a key that is unknown, malformed, expired or revoked, without telling which. */
  async of(key: string): Promise<Authenticated | null> {
    const [, id, secret] = format.exec(key) ?? []
    if (id === undefined || secret === undefined) return null
    const row = await this.#rows.ask(id)
    if (row === null || !timingSafeEqual(row.hash, hashOf(secret))) return null
    this.#use.note(id)
    const { role, projectId } = row
    return { subject: `api-key:${id}`, role, of: projectId === null ? 'system' : { id: projectId } }
  }
}

async function findUsableKey(sql: ISql, id: string): Promise<z.infer<typeof KeyRow> | null> {
  const [found] = await sql`
    select role, secret_hash as hash, project_id as "projectId" from api_keys
    where id = ${id} and revoked_at is null and coalesce(expires_at > now(), true)`
  return found === undefined ? null : KeyRow.parse(found)
}
