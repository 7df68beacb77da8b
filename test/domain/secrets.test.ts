import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

test('a password is in no row of any table and in no line of the log', async () => {
  await using domain = await openDomain({ ports: 1 })
  const id = await domain.created('secretive')
  const { password, connectionString } = await domain.plane.instances.connection(alice, id)
  expect(connectionString).toContain(password)
  // Failures say much: one that happens, and a deletion.
  const { operation: failing } = await domain.plane.instances.create(alice, {
    name: 'no-room',
    version: '18',
  })
  expect((await domain.ended(failing.id)).state).toBe('failed')

  const tables = await domain.sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'pgboss')`
  const dump = async () => {
    const texts = await Promise.all(
      tables.map(({ name }) =>
        domain.sql.unsafe(`select coalesce(string_agg(t::text, E'\n'), '') as text from ${name} t`),
      ),
    )
    return texts.map(([row]) => String(row?.['text'])).join('\n')
  }
  const whole = await dump()
  // That it sees what is there: without this the test could not fail.
  expect(whole).toContain('secretive')
  expect(whole).toContain('operation-steps')
  for (const form of [
    password,
    Buffer.from(password).toString('hex'),
    Buffer.from(password).toString('base64'),
  ])
    expect(whole).not.toContain(form)
  expect(domain.logged()).not.toContain(password)

  const { operation } = await domain.plane.instances.delete(alice, { id })
  await domain.ended(operation.id)
  expect(await dump()).not.toContain(password)
})
