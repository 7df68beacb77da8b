import type { Principal, ProjectIdOrName } from '@toygres/schema'
import type { Sql } from 'postgres'
import { actIn } from './act-in.ts'
import { holderOf } from './api-keys.ts'
import type { KeyUse } from './key-use.ts'
import { looksLikeToken, type Tokens } from './tokens/tokens.ts'

interface Authenticator {
  readonly sql: Sql
  readonly use: KeyUse
  /** Null where no issuer's tokens are taken. */
  readonly tokens: Tokens | null
}

/**
 * Who makes a call with this API key or token, and in which project; null for a key that is unknown, malformed, expired or
 * revoked, without telling which.
 * @throws {ToygresError} PROJECT_NOT_FOUND for somebody who is known, but not in that project
 */
export async function authenticate(
  { sql, use, tokens }: Authenticator,
  credential: string,
  project?: ProjectIdOrName,
): Promise<Principal | null> {
  const somebody =
    tokens !== null && looksLikeToken(credential)
      ? await tokens.bearer(credential)
      : await holderOf({ sql, use }, credential)
  return somebody && actIn(sql, somebody, project)
}
