import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { alice, ask, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

/** Every row of every table, as text. */
async function dumpOf({ sql }: Domain): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'pgboss')`
  const texts = await Promise.all(
    tables.map(({ name }) =>
      sql.unsafe(`select coalesce(string_agg(t::text, E'\n'), '') as text from ${name} t`),
    ),
  )
  return texts.map(([row]) => String(row?.['text'])).join('\n')
}

const formsOf = (password: string) => [
  password,
  Buffer.from(password).toString('hex'),
  Buffer.from(password).toString('base64'),
]

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

  const whole = await dumpOf(domain)
  // That it sees what is there: without this the test could not fail.
  expect(whole).toContain('secretive')
  expect(whole).toContain('operation-steps')
  for (const form of formsOf(password)) expect(whole).not.toContain(form)
  expect(domain.logged()).not.toContain(password)

  const { operation } = await domain.plane.instances.delete(alice, { id })
  await domain.ended(operation.id)
  expect(await dumpOf(domain)).not.toContain(password)
})

test('the password of a monitor is in no row, job, event or log, also after its role was spoilt and put back', async () => {
  await using domain = await openDomain()
  const id = await domain.created('watched')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  const password = await domain.monitorPassword(id)
  const health = () => domain.plane.health.get(alice, id)
  // The server writes down every statement; a login is refused, and the role is made anew. By the role's name its sessions could
  // not be found any more.
  await ask(connectionString, `alter system set log_statement = 'all'`)
  await ask(connectionString, 'select pg_reload_conf()')
  await ask(connectionString, 'drop owned by toygres_monitor')
  await ask(connectionString, 'drop role toygres_monitor')
  await ask(
    connectionString,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'toygres health'`,
  )
  await until(async () => {
    await domain.hurry()
    const roles = await ask(connectionString, `select from pg_roles where rolname = 'toygres_monitor'`)
    return roles.length > 0 && (await health()).status === 'healthy'
  })

  const log = `${domain.home}/instances/${id}/log`
  const files = await Promise.all((await readdir(log)).map((name) => readFile(`${log}/${name}`, 'utf8')))
  const said = [await dumpOf(domain), domain.logged(), ...files].join('\n')
  expect(said).toContain('create role toygres_monitor')
  expect(said).toContain('health-checks')
  for (const form of formsOf(password)) expect(said).not.toContain(form)
})
