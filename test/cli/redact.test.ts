import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectReport } from '../../apps/cli/src/support/collect.ts'
import { redactor } from '../../apps/cli/src/support/redact.ts'
import { secretsHere } from '../../apps/cli/src/support/secrets.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'toygres-redact-'))
})
afterAll(() => rm(home, { recursive: true }))

/** Of letters that no template, and nothing that is put in its place, has in it. */
const word = fc.string({
  unit: fc.constantFrom(...Array.from('QXZqz0123456789-_+/=.!#%&*()?@^~|<>,;:$')),
  minLength: 8,
  maxLength: 40,
})
const phrase = fc
  .string({
    unit: fc.constantFrom(...Array.from('QXZqxz0123456789 \\"\'%ü€:@/&=')),
    minLength: 8,
    maxLength: 40,
  })
  .filter((text) => text.trim().length >= 8)

/** As they stand in environments, connection strings, JSON, SQL and headers. */
const unquoted: readonly ((secret: string) => string)[] = [
  (secret) => `password=${secret}`,
  (secret) => `PGPASSWORD=${secret} psql -h db`,
  (secret) => `host=db user=ann password = ${secret} dbname=x`,
  (secret) => `Password: ${secret}`,
  (secret) => `export APP_DB_PASSWORD=${secret}`,
  (secret) => `postgres://db/x?password=${secret}`,
]
const quoted: readonly ((secret: string) => string)[] = [
  (secret) => JSON.stringify({ password: secret, name: 'x' }),
  (secret) => JSON.stringify({ message: JSON.stringify({ password: secret }) }),
  (secret) => `alter role x password '${secret.replaceAll("'", "''")}'`,
  (secret) => `password='${secret.replaceAll(/['\\]/g, String.raw`\$&`)}' host=db`,
]

test('what stands where a password stands is taken out, though nobody knows it', () => {
  const redact = redactor([])
  fc.assert(
    fc.property(word, fc.constantFrom(...unquoted, ...quoted), (secret, template) => {
      const text = redact(`before ${template(secret)}\nafter`)
      expect(text).not.toContain(secret)
      expect(text).toMatch(/^before [^]*\[redacted\][^]*\nafter$/)
    }),
  )
  fc.assert(
    fc.property(phrase, fc.constantFrom(...quoted), (secret, template) => {
      const text = redact(template(secret))
      for (const part of secret.split(/[\\"']+/)) if (part.length > 8) expect(text).not.toContain(part)
    }),
  )
})

test('a secret that is known is taken out wherever it stands, in each form', () => {
  fc.assert(
    fc.property(phrase, fc.string(), fc.string(), (secret, before, after) => {
      const redact = redactor([secret])
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
        expect(redact(`${before}${form}${after}`)).not.toContain(form)
    }),
  )
})

test('keys and the secrets of webhooks are known by their looks', () => {
  const redact = redactor([])
  const looks = `toygres_0123456789abcdef_${'Ab-_'.repeat(10)} whsec_${'Ab+/'.repeat(10)}= SCRAM-SHA-256$4096:c2FsdA==$a:b`
  expect(redact(looks)).toBe('toygres_0123456789abcdef_[redacted] whsec_[redacted] SCRAM-SHA-256$[redacted]')
})

test('what is no secret is left as it is', () => {
  const redact = redactor([])
  // However long: what tried each beginning of each end of it would not come back.
  for (const part of ['a', 'a.']) expect(redact(part.repeat(1_000_000))).toBe(part.repeat(1_000_000))
  for (const text of [
    'FATAL:  password authentication failed for user "ann"',
    '{"password":null,"hasPassword":true}',
    'connection matched pg_hba.conf line 1: "host all all all scram-sha-256"',
  ])
    expect(redact(text)).toBe(text)
})

test('the password of the address of the database is known, however it is written', async () => {
  for (const [url, secrets] of [
    ['postgres://ann:per%cent-and-more@db/x', ['per%cent-and-more']],
    ['postgres://ann:per%25cent@db/x', ['per%25cent', 'per%cent']],
    ['postgres://ann@db/x?password=in-the-query', ['in-the-query']],
    ['postgres://ann:no#address@db/x', ['no#address']],
  ] as const)
    expect(await secretsHere(home, { TOYGRES_DATABASE_URL: url })).toEqual(
      expect.arrayContaining([...secrets]),
    )
})

test('of a log whose beginning is left out no line is cut in two: half a secret is known to nobody', async () => {
  await mkdir(join(home, 'logs'))
  const secret = 'half-of-me-is-enough'
  const line = `${secret.repeat(50)}\n`
  await writeFile(join(home, 'logs', 'long.log'), `${line.repeat(3_000)}the end\n`)
  const files = await collectReport({
    version: '0',
    checks: [],
    home,
    toygres: null,
    withInstanceLogs: false,
  })
  const text = files.find(({ path }) => path === 'logs/long.log')?.text ?? ''
  expect(text).toMatch(/the end\n$/)
  const [first] = redactor([secret])(text).split('\n')
  expect(first).toMatch(/^(\[redacted\])+$/)
})
