import { ProjectIdOrName, ToygresError, type Role } from '@toygres/schema'
import type { JWTPayload } from 'jose'
import type { Authenticated } from '../act-in.ts'
import type { TokenOptions } from './options.ts'

/** The value that makes its bearer one of the system. */
const everyProject = '*'

const byPower: readonly Role[] = ['admin', 'operator', 'viewer']

/** Printable and short enough for a log's line; what it is, is the issuer's affair. */
const subjectForm = /^[\x21-\x7e]{1,200}$/

/**
 * Who the bearer of a token is to us. The token has been checked: this only reads it.
 * @throws {ToygresError} UNAUTHENTICATED, PERMISSION_DENIED
 */
export function bearerOf(claims: JWTPayload, options: TokenOptions): Authenticated {
  return {
    subject: subjectOf(claims, options),
    role: roleOf(claims, options),
    of: projectsOf(claims, options),
  }
}

function subjectOf(claims: JWTPayload, { subjectClaim }: TokenOptions): string {
  const [subject] = valuesAt(claims, subjectClaim)
  if (subject === undefined || !subjectForm.test(subject))
    throw new ToygresError(
      'UNAUTHENTICATED',
      `this token does not say whose it is: it needs the claim ${subjectClaim}`,
    )
  return `oidc:${subject}`
}

function roleOf(claims: JWTPayload, { roleClaim, roles }: TokenOptions): Role {
  const held = new Set(valuesAt(claims, roleClaim).flatMap((value) => ownValue(roles, value) ?? []))
  const role = byPower.find((one) => held.has(one))
  if (role === undefined)
    throw new ToygresError(
      'PERMISSION_DENIED',
      `this token has no role here: its claim ${roleClaim} names none that is known`,
    )
  return role
}

function projectsOf(claims: JWTPayload, { projectClaim, projects }: TokenOptions): Authenticated['of'] {
  if (projectClaim === undefined) return { named: ['default'] }
  const values = valuesAt(claims, projectClaim)
  const meant = projects === undefined ? values : values.flatMap((value) => ownValue(projects, value) ?? [])
  // A value that nobody has mapped is the issuer's word only: it must not make its bearer one of the system.
  if (projects !== undefined && meant.includes(everyProject)) return 'system'
  const named = meant.filter((name) => ProjectIdOrName.safeParse(name).success)
  if (named.length === 0)
    throw new ToygresError(
      'PERMISSION_DENIED',
      `this token is for no project here: its claim ${projectClaim} names none that is known`,
    )
  return { named }
}

/** The strings at a dotted path: one, or a list of them. Names with dots in them, as URLs have, are tried first. */
function valuesAt(claims: JWTPayload, path: string): string[] {
  const value = path in claims ? claims[path] : path.split('.').reduce<unknown>(step, claims)
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((item) => typeof item === 'string').slice(0, mostValues)
}

/** More groups than anybody is in. */
const mostValues = 1000

const step = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? ownValue(value as Record<string, unknown>, name) : undefined

/** Not what every object has: a role named "constructor" is none. */
const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
