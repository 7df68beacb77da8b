import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startControlPlane, toygres } from '../harness/control-plane/index.ts'
import { createEmptyDatabase } from '../harness/postgres/index.ts'

test('a second home on one database is refused, and told which home it is of', async () => {
  await using database = await createEmptyDatabase()
  await using plane = await startControlPlane({ args: ['--database-url', database.url] })
  const other = await mkdtemp(join(tmpdir(), 'toygres-other-home-'))
  onTestFinished(() => rm(other, { recursive: true }))

  const refused = await toygres(['up', '--port', '0'], {
    TOYGRES_HOME: other,
    TOYGRES_DATABASE_URL: database.url,
  })
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain(`live in another home, ${plane.home} on `)
  expect(refused.stderr).toContain('give this one a database of its own')
  expect(refused.stderr).not.toMatch(/^\s+at /m)

  // The first is as it was, and may come back.
  await plane.stop()
  await plane.up()
  expect((await plane.cli('list')).code).toBe(0)
}, 180_000)
