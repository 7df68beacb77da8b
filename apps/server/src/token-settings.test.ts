import { expect, test } from 'vitest'
import { readTokenSettings } from './token-settings.ts'

const needed = { TOYGRES_OIDC_ISSUER: 'https://issuer.test', TOYGRES_OIDC_AUDIENCE: 'toygres, api://toygres' }

test('without an issuer, no tokens are taken', () => {
  expect(readTokenSettings({})).toBeUndefined()
  expect(readTokenSettings({ TOYGRES_OIDC_ISSUER: '' })).toBeUndefined()
})

test('an issuer and an audience are enough', () => {
  expect(readTokenSettings(needed)).toMatchObject({
    issuer: 'https://issuer.test',
    audiences: ['toygres', 'api://toygres'],
    clockSkewSeconds: 60,
    roleClaim: 'roles',
    roles: { viewer: 'viewer', operator: 'operator', admin: 'admin' },
  })
})

test('groups are mapped', () => {
  const settings = readTokenSettings({
    ...needed,
    TOYGRES_OIDC_ROLES: 'g-1=admin, cn=staff=viewer',
    TOYGRES_OIDC_PROJECT_CLAIM: 'groups',
    TOYGRES_OIDC_PROJECTS: 'g-1=*,g-2=team-a',
  })
  expect(settings).toMatchObject({
    roles: { 'g-1': 'admin', 'cn=staff': 'viewer' },
    projectClaim: 'groups',
    projects: { 'g-1': '*', 'g-2': 'team-a' },
  })
})

test.for([
  [{ TOYGRES_OIDC_ISSUER: 'http://issuer.test' }, 'TOYGRES_OIDC_ISSUER takes an https:// URL'],
  [{ TOYGRES_OIDC_AUDIENCE: '' }, 'TOYGRES_OIDC_AUDIENCE is needed'],
  [{ TOYGRES_OIDC_ALGORITHMS: 'none' }, 'TOYGRES_OIDC_ALGORITHMS takes some of RS256'],
  [{ TOYGRES_OIDC_ALGORITHMS: 'HS256' }, 'TOYGRES_OIDC_ALGORITHMS takes some of RS256'],
  [{ TOYGRES_OIDC_ROLES: 'staff=king' }, 'TOYGRES_OIDC_ROLES takes value=role pairs'],
  [{ TOYGRES_OIDC_PROJECTS: 'g=team-a' }, 'TOYGRES_OIDC_PROJECTS needs TOYGRES_OIDC_PROJECT_CLAIM'],
  [{ TOYGRES_OIDC_CLOCK_SKEW_SECONDS: '3600' }, 'TOYGRES_OIDC_CLOCK_SKEW_SECONDS'],
] as const)('%j is refused', ([wrong, sentence]) => {
  expect(() => readTokenSettings({ ...needed, ...wrong })).toThrow(sentence)
})
