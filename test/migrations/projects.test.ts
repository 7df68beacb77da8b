import { cp, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connect, migrate } from '@toygres/control-plane'
import { removeTree } from '@toygres/local-postgres'
import { defaultProjectId } from '@toygres/schema'
import { expect, test } from 'vitest'
import { createEmptyDatabase } from '../harness/postgres/index.ts'

const files = new URL('../../sql/', import.meta.url)
const isBeforeProjects = (file: string) => /^\d{6}_/.test(file) && file < '000006'

test('what there is when projects come belongs to the default one; the keys of homes to the system', async () => {
  await using database = await createEmptyDatabase()
  const before = await mkdtemp(join(tmpdir(), 'toygres-before-projects-'))
  for (const file of (await readdir(files)).filter(isBeforeProjects))
    await cp(new URL(file, files), join(before, file))
  await migrate(database.url, pathToFileURL(`${before}/`))
  await removeTree(before)

  const sql = connect(database.url, { max: 1, applicationName: 'test' })
  await sql`insert into instances (id, name, version, provider)
    values ('01981d3e-0000-7000-8000-000000000001', 'orders', '18', 'local')`
  await sql`insert into operations (id, workflow, version, resource_id, input, steps, step, requested_by) values
    (gen_random_uuid(), 'w', 1, '01981d3e-0000-7000-8000-000000000001', '{}', '{s}', 's', 'alice'),
    (gen_random_uuid(), 'w', 1, '01981d3e-0000-7000-8000-000000000002', '{}', '{s}', 's', 'system')`
  await sql`insert into api_keys (id, name, role, secret_hash, home_id) values
    ('home', 'of a home', 'admin', '', gen_random_uuid()), ('person', 'of a person', 'admin', '', null)`
  await migrate(database.url)

  const projectOf = async (rows: PromiseLike<readonly { project_id: string | null }[]>) =>
    (await rows).map(({ project_id }) => project_id)
  expect(await projectOf(sql`select project_id from instances`)).toEqual([defaultProjectId])
  expect(await projectOf(sql`select project_id from operations order by requested_by`)).toEqual([
    defaultProjectId,
    null,
  ])
  expect(await projectOf(sql`select project_id from api_keys order by id`)).toEqual([null, defaultProjectId])
  await sql.end()
})
