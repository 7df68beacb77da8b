import { createHash, randomBytes } from 'node:crypto'
import {
  ProjectId,
  Role,
  ToygresError,
  type Principal,
  type ProjectIdOrName,
  type Session,
} from '@toygres/schema'
import { hours } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { z } from 'zod'
import type { Sessions } from '../control-plane.ts'
import { actIn } from './act-in.ts'
import type { KeyHolders } from './api-keys.ts'
import { audit } from './audit.ts'
import type { KeyUse } from './key-use.ts'

/** A working day: then the key is shown again. */
const validMs = hours(12)

const format = /^[A-Za-z0-9_-]{43}$/
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const Row = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  projectId: ProjectId.nullable(),
  expiresAt: z.date(),
})

export interface SessionsOptions {
  readonly sql: Sql
  readonly holders: KeyHolders
  readonly use: KeyUse
}

/** Signed-in browsers: each has a random token in a cookie in place of the API key that it was given for. */
export function sessionsOf({ sql, holders, use }: SessionsOptions): Sessions {
  async function open(apiKey: string): Promise<{ token: string; session: Session }> {
    const holder = await holders.of(apiKey)
    if (holder === null)
      throw new ToygresError(
        'UNAUTHENTICATED',
        'this API key is not known, or no longer: check it or ask for a new one',
      )
    const principal = await actIn(sql, holder, undefined)
    const token = randomBytes(32).toString('base64url')
    const keyId = holder.subject.slice('api-key:'.length)
    await sql.begin(async (tx) => {
      await tx`
        insert into sessions (token_hash, api_key_id, expires_at)
        values (${hashOf(token)}, ${keyId}, now() + ${validMs} * interval '1 millisecond')`
      await audit(tx, principal, { action: 'sessions.open', resourceId: keyId })
    })
    const session = await find(token)
    if (session === null) throw new ToygresError('UNAUTHENTICATED', 'this API key was revoked just now')
    return { token, session }
  }

  async function find(token: string): Promise<Session | null> {
    const row = await read(token)
    if (row === null) return null
    const { id, name, role, projectId, expiresAt } = row
    return { subject: `api-key:${id}`, name, role, projectId, expiresAt }
  }

  async function authenticate(token: string, project?: ProjectIdOrName): Promise<Principal | null> {
    const row = await read(token)
    if (row === null) return null
    use.note(row.id)
    const of = row.projectId === null ? 'system' : { id: row.projectId }
    return actIn(sql, { subject: `api-key:${row.id}`, role: row.role, of }, project)
  }

  /** Nothing once the key opens nothing any more. */
  async function read(token: string): Promise<z.infer<typeof Row> | null> {
    if (!format.test(token)) return null
    const [found] = await sql`
      select k.id, k.name, k.role, k.project_id as "projectId", least(s.expires_at, k.expires_at) as "expiresAt"
      from sessions s join api_keys k on k.id = s.api_key_id
      where s.token_hash = ${hashOf(token)} and s.expires_at > now()
        and k.revoked_at is null and coalesce(k.expires_at > now(), true)`
    return found === undefined ? null : Row.parse(found)
  }

  async function close(token: string): Promise<void> {
    await sql`delete from sessions where token_hash = ${hashOf(token)}`
  }

  return { open, find, authenticate, close }
}
