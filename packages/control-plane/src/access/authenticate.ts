import type { Principal, ProjectIdOrName } from '@toygres/schema'
import type { Sql } from 'postgres'
import { actIn } from './act-in.ts'
import type { KeyHolders } from './api-keys.ts'
import { looksLikeToken, type Tokens } from './tokens/tokens.ts'

interface Authenticator {
  readonly sql: Sql
  readonly holders: KeyHolders
  /** Null where no issuer's tokens are taken. */
  readonly tokens: Tokens | null
}

/**
 * Who makes a call with this API key or token, and in which project; null for a key that is unknown, malformed, expired or
 * revoked, without telling which.
 * @throws {ToygresError} PROJECT_NOT_FOUND for somebody who is known, but not in that project
 */
export async function authenticate(
  { sql, holders, tokens }: Authenticator,
  credential: string,
  project?: ProjectIdOrName,
): Promise<Principal | null> {
  const somebody =
    tokens !== null && looksLikeToken(credential)
      ? await tokens.bearer(credential)
      : await holders.of(credential)
  return somebody && actIn(sql, somebody, project)
}
