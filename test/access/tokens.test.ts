import { tokenDefaults, type RunningControlPlane, type TokenOptions } from '@toygres/control-plane'
import { defaultProjectId } from '@toygres/schema'
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { openIssuer, type Issuer } from './issuer.ts'

let domain: Domain
let issuer: Issuer
let plane: RunningControlPlane
const cleanup = new AsyncDisposableStack()

/** A control plane that takes the issuer's tokens, with these things different. */
async function trusting(different: Partial<TokenOptions> = {}): Promise<RunningControlPlane> {
  const opened = await domain.beside({
    tokens: { ...tokenDefaults, issuer: issuer.url, audiences: ['toygres'], jwksCooldownMs: 0, ...different },
  })
  cleanup.defer(() => opened.stop(0))
  return opened
}

beforeAll(async () => {
  domain = cleanup.use(await openDomain())
  issuer = cleanup.use(await openIssuer())
  await issuer.publish('rsa', 'RS256')
  await issuer.publish('ec', 'ES256')
  plane = await trusting()
})
afterAll(() => cleanup.disposeAsync())

const claims = { sub: 'ann', roles: ['operator'] }
const opens = (token: string, project?: string) => plane.authenticate(token, project)
const now = () => Math.floor(Date.now() / 1000)

test.for(['rsa', 'ec'])('a token that is signed with the %s key of the issuer is taken', async (kid) => {
  expect(await opens(await issuer.sign(kid, claims))).toEqual({
    subject: 'oidc:ann',
    role: 'operator',
    projectId: defaultProjectId,
    system: false,
  })
})

test('keys are fetched once, not for each call', async () => {
  await opens(await issuer.sign('rsa', claims))
  const before = issuer.asked
  for (let n = 0; n < 20; n++) await opens(await issuer.sign('ec', claims))
  expect(issuer.asked).toBe(before)
})

test('API keys go on working beside tokens', async () => {
  const { secret } = await plane.keys.create(alice, { name: 'k', role: 'viewer' })
  expect(await opens(secret)).toMatchObject({ role: 'viewer' })
})

test('who trusts no issuer takes no token', async () => {
  expect(await domain.plane.authenticate(await issuer.sign('rsa', claims))).toBeNull()
})

const standard = () => ({ iss: issuer.url, aud: 'toygres', exp: now() + 600 })
const refusals: Record<string, () => Promise<string>> = {
  'has expired': () => issuer.sign('rsa', claims, { exp: now() - 61 }),
  'is not valid yet': () => issuer.sign('rsa', claims, { nbf: now() + 120 }),
  'never expires': () => issuer.sign('rsa', claims, { exp: undefined }),
  'is of another issuer': () => issuer.sign('rsa', claims, { iss: 'https://issuer.test' }),
  'is for another audience': () => issuer.sign('rsa', claims, { aud: ['others', 'toygres2'] }),
  'is for no audience': () => issuer.sign('rsa', claims, { aud: undefined }),
  'is not signed (alg none)': async () => new UnsecuredJWT({ ...standard(), ...claims }).encode(),
  'is signed with the public key as a shared secret': async () => {
    const response = await fetch(issuer.jwksUrl)
    const { keys } = (await response.json()) as { keys: { kid: string; alg: string }[] }
    const key = await importJWK(keys.find(({ kid }) => kid === 'rsa') ?? {}, 'RS256', { extractable: true })
    if (key instanceof Uint8Array) throw new Error('a public key was expected')
    const secret = new TextEncoder().encode(await exportSPKI(key))
    return new SignJWT({ ...standard(), ...claims })
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(secret)
  },
  "is signed with a stranger's key of the same name": async () => {
    const { privateKey } = await generateKeyPair('RS256')
    return new SignJWT({ ...standard(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
      .sign(privateKey)
  },
  'was changed on the way': async () => {
    const [head, , signature] = (await issuer.sign('rsa', claims)).split('.')
    const forged = Buffer.from(JSON.stringify({ ...standard(), sub: 'eve', roles: ['admin'] })).toString(
      'base64url',
    )
    return `${head}.${forged}.${signature}`
  },
  'names a key that there never was': async () => {
    const { privateKey } = await generateKeyPair('RS256')
    return new SignJWT({ ...standard(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'gone' })
      .sign(privateKey)
  },
  'does not say whose it is': () => issuer.sign('rsa', { roles: ['admin'] }),
  'is of somebody with line ends in the name': () => issuer.sign('rsa', { ...claims, sub: 'ann\neve' }),
  'is no token, though it looks like one': async () => 'a.b.c',
}

test.for(Object.keys(refusals))('a token that %s opens nothing', async (what) => {
  await expect(opens((await refusals[what]?.()) ?? '')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('an algorithm that is not allowed here is refused, whoever signed', async () => {
  const strict = await trusting({ algorithms: ['ES256'] })
  expect(await strict.authenticate(await issuer.sign('ec', claims))).not.toBeNull()
  await expect(strict.authenticate(await issuer.sign('rsa', claims))).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

test('clocks may differ by a minute', async () => {
  expect(await opens(await issuer.sign('rsa', claims, { exp: now() - 30, nbf: now() + 30 }))).not.toBeNull()
})

test('a key that the issuer begins to use is found; one that it withdrew opens nothing once keys are read again', async () => {
  await issuer.publish('old', 'RS256')
  const old = await issuer.sign('old', claims)
  const rotated = await trusting()
  expect(await rotated.authenticate(old)).not.toBeNull()
  issuer.withdraw('old')
  await issuer.publish('new', 'ES256')
  expect(await rotated.authenticate(await issuer.sign('new', claims))).not.toBeNull()
  await expect(rotated.authenticate(old)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('an issuer that is away: keys that are known go on, others are for later', async () => {
  const [warm, cold, told] = await Promise.all([
    trusting({ jwksCooldownMs: 60_000 }),
    trusting(),
    trusting({ jwksUrl: issuer.jwksUrl }),
  ])
  const token = await issuer.sign('rsa', claims)
  expect(await warm.authenticate(token)).not.toBeNull()
  await issuer.goAway()
  try {
    expect(await warm.authenticate(token)).not.toBeNull()
    for (const one of [cold, told])
      await expect(one.authenticate(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  } finally {
    await issuer.comeBack()
  }
  for (const one of [cold, told]) expect(await one.authenticate(token)).not.toBeNull()
})

test('of several roles the most powerful counts; of none that is known, nothing is allowed', async () => {
  const mapped = await trusting({ roleClaim: 'realm.groups', roles: { dba: 'admin', staff: 'viewer' } })
  const as = async (groups: unknown) =>
    mapped.authenticate(await issuer.sign('rsa', { sub: 'ann', realm: { groups } }))
  expect(await as(['staff', 'dba'])).toMatchObject({ role: 'admin' })
  expect(await as('staff')).toMatchObject({ role: 'viewer' })
  for (const groups of [['admin'], 'constructor', [], 7, undefined])
    await expect(as(groups)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
})

test('a token acts in the projects that its claim names, and in no other', async () => {
  const [blue] = [
    await plane.projects.create(alice, { name: 'blue' }),
    await plane.projects.create(alice, { name: 'red' }),
  ]
  const by = await trusting({ projectClaim: 'teams' })
  const token = await issuer.sign('rsa', { ...claims, teams: ['nowhere', 'blue', 'default'] })
  expect(await by.authenticate(token)).toMatchObject({ projectId: blue.id, system: false })
  expect(await by.authenticate(token, 'default')).toMatchObject({
    projectId: defaultProjectId,
    system: false,
  })
  await expect(by.authenticate(token, 'red')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  const lost = await issuer.sign('rsa', { ...claims, teams: ['nowhere'] })
  await expect(by.authenticate(lost)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  // Only a mapping of ours makes somebody one of the system.
  const star = await issuer.sign('rsa', { ...claims, teams: ['*'] })
  await expect(by.authenticate(star)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
})

test('groups are mapped to projects, and to the system', async () => {
  const { id } = await plane.projects.create(alice, { name: 'mapped' })
  const by = await trusting({ projectClaim: 'groups', projects: { g1: 'mapped', g2: '*' } })
  const as = async (groups: string[]) => by.authenticate(await issuer.sign('ec', { ...claims, groups }))
  expect(await as(['other', 'g1'])).toMatchObject({ projectId: id, system: false })
  expect(await as(['g1', 'g2'])).toMatchObject({ projectId: defaultProjectId, system: true })
  await expect(as(['mapped'])).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
})

test('Entra ID: a workload identity is a configuration of this', async () => {
  const entra = await trusting({
    audiences: ['api://toygres', '7d5f1c3e-0000-4000-8000-000000000001'],
    subjectClaim: 'oid',
    roleClaim: 'roles',
    roles: { 'Toygres.Operate': 'operator' },
    projectClaim: 'azp',
    projects: { '7d5f1c3e-0000-4000-8000-00000000000a': 'default' },
  })
  const token = await issuer.sign('rsa', {
    aud: '7d5f1c3e-0000-4000-8000-000000000001',
    azp: '7d5f1c3e-0000-4000-8000-00000000000a',
    oid: '0f1e2d3c-0000-4000-8000-000000000002',
    sub: 'pairwise',
    roles: ['Toygres.Operate'],
    ver: '2.0',
  })
  expect(await entra.authenticate(token)).toEqual({
    subject: 'oidc:0f1e2d3c-0000-4000-8000-000000000002',
    role: 'operator',
    projectId: defaultProjectId,
    system: false,
  })
})

test('no token is in the log', async () => {
  const token = await issuer.sign('rsa', claims)
  await opens(token)
  expect(domain.logged()).not.toContain(token.slice(-40))
})
