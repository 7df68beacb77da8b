import { tokenAlgorithms, tokenDefaults, type TokenOptions } from '@toygres/control-plane'
import { ProjectIdOrName, Role } from '@toygres/schema'
import { z } from 'zod'
import { UsageError } from './user-error.ts'

const list = z.string().transform((text) => text.split(',').map((item) => item.trim()))

/** `value=meaning` pairs with commas between them. Values may hold "=", meanings do not. */
const mapping = (meaning: z.ZodType<string>, rule: string) =>
  list.transform((pairs, context) => {
    const read = pairs.map((pair) => {
      const at = pair.lastIndexOf('=')
      return [pair.slice(0, at), meaning.safeParse(pair.slice(at + 1)).data] as const
    })
    if (read.every(([value, means]) => value !== '' && means !== undefined)) return Object.fromEntries(read)
    context.addIssue(rule)
    return z.NEVER
  })

/** Tokens travel, and keys come, over what nobody can listen in on; a test's issuer is on this machine. */
const secureUrl = z.url('takes a URL').refine((url) => {
  const { protocol, hostname } = new URL(url)
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  )
}, 'takes an https:// URL')

const Environment = z.object({
  TOYGRES_OIDC_ISSUER: secureUrl.optional(),
  TOYGRES_OIDC_AUDIENCE: list.optional(),
  TOYGRES_OIDC_JWKS_URL: secureUrl.optional(),
  TOYGRES_OIDC_ALGORITHMS: list
    .pipe(z.array(z.enum(tokenAlgorithms, `takes some of ${tokenAlgorithms.join(', ')}`)).min(1))
    .default([...tokenDefaults.algorithms]),
  TOYGRES_OIDC_CLOCK_SKEW_SECONDS: z.coerce
    .number('takes a number of seconds')
    .min(0)
    .max(600)
    .default(tokenDefaults.clockSkewSeconds),
  TOYGRES_OIDC_SUBJECT_CLAIM: z.string().default(tokenDefaults.subjectClaim),
  TOYGRES_OIDC_ROLE_CLAIM: z.string().default(tokenDefaults.roleClaim),
  TOYGRES_OIDC_ROLES: mapping(Role, `takes value=role pairs, the role one of ${Role.options.join(', ')}`)
    .pipe(z.record(z.string(), Role))
    .default({ ...tokenDefaults.roles }),
  TOYGRES_OIDC_PROJECT_CLAIM: z.string().optional(),
  TOYGRES_OIDC_PROJECTS: mapping(
    ProjectIdOrName.or(z.literal('*')),
    'takes value=project pairs, the project a name, an id, or * for the system',
  )
    .pipe(z.record(z.string(), z.string()))
    .optional(),
})

/**
 * Whose tokens are taken; undefined where no issuer is set.
 * @throws {UsageError} naming everything that is wrong, at once
 */
export function readTokenSettings(env: NodeJS.ProcessEnv): TokenOptions | undefined {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = Environment.safeParse(given)
  if (!read.success)
    throw new UsageError(
      read.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`).join('; '),
    )
  const from = read.data
  if (from.TOYGRES_OIDC_ISSUER === undefined) return undefined
  if (from.TOYGRES_OIDC_AUDIENCE === undefined)
    throw new UsageError(
      'TOYGRES_OIDC_AUDIENCE is needed beside TOYGRES_OIDC_ISSUER: tokens for others must not open this',
    )
  if (from.TOYGRES_OIDC_PROJECTS !== undefined && from.TOYGRES_OIDC_PROJECT_CLAIM === undefined)
    throw new UsageError(
      'TOYGRES_OIDC_PROJECTS needs TOYGRES_OIDC_PROJECT_CLAIM: the claim whose values it maps',
    )
  return {
    issuer: from.TOYGRES_OIDC_ISSUER,
    audiences: from.TOYGRES_OIDC_AUDIENCE,
    algorithms: from.TOYGRES_OIDC_ALGORITHMS,
    clockSkewSeconds: from.TOYGRES_OIDC_CLOCK_SKEW_SECONDS,
    subjectClaim: from.TOYGRES_OIDC_SUBJECT_CLAIM,
    roleClaim: from.TOYGRES_OIDC_ROLE_CLAIM,
    roles: from.TOYGRES_OIDC_ROLES,
    jwksCooldownMs: tokenDefaults.jwksCooldownMs,
    ...(from.TOYGRES_OIDC_JWKS_URL && { jwksUrl: from.TOYGRES_OIDC_JWKS_URL }),
    ...(from.TOYGRES_OIDC_PROJECT_CLAIM && { projectClaim: from.TOYGRES_OIDC_PROJECT_CLAIM }),
    ...(from.TOYGRES_OIDC_PROJECTS && { projects: from.TOYGRES_OIDC_PROJECTS }),
  }
}
