import type { ProjectIdOrName, Role } from '@toygres/schema'

/** Whose tokens are taken in place of API keys, and what their claims make of their bearers. */
export interface TokenOptions {
  /** Exactly as it stands in `iss`. */
  readonly issuer: string
  /** A token is for us when one of these is in its `aud`. */
  readonly audiences: readonly string[]
  /** Where its keys are; where its discovery document says unless told. */
  readonly jwksUrl?: string
  /** What tokens may be signed with. Never a symmetric one: who can check such a token can make one. */
  readonly algorithms: readonly TokenAlgorithm[]
  readonly clockSkewSeconds: number
  /** The claim that names who it is, for good. */
  readonly subjectClaim: string
  /** The claim with roles or groups: one, or a list; dots lead into objects. */
  readonly roleClaim: string
  /** What its values make of their bearers; the most powerful counts. */
  readonly roles: Readonly<Record<string, Role>>
  /** The claim with projects or groups. Without it, everybody is in the default project. */
  readonly projectClaim?: string
  /** Which project each value means, `*` being the system; without it, values are names or ids of projects. */
  readonly projects?: Readonly<Record<string, ProjectIdOrName>>
  /** A key that is not known is asked for again, but not sooner than this after the last time. */
  readonly jwksCooldownMs: number
}

export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type TokenAlgorithm = (typeof tokenAlgorithms)[number]

export const tokenDefaults = {
  algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  clockSkewSeconds: 60,
  subjectClaim: 'sub',
  roleClaim: 'roles',
  roles: { viewer: 'viewer', operator: 'operator', admin: 'admin' },
  jwksCooldownMs: 30_000,
} as const satisfies Partial<TokenOptions>
