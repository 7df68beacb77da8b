import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { connect, migrate } from '@toygres/control-plane'
import type { Sql } from 'postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'

let database: TestDatabase
let sql: Sql
let files: string
beforeEach(async () => {
  database = await createEmptyDatabase()
  sql = connect(database.url, { max: 1, applicationName: 'test' })
  files = await mkdtemp(join(tmpdir(), 'toygres-migrations-'))
  await cp(new URL('../../sql', import.meta.url), files, { recursive: true })
})
afterEach(async () => {
  await sql.end()
  await database.drop()
  await rm(files, { recursive: true })
})

const migrateFrom = () => migrate(database.url, pathToFileURL(`${files}/`))
const put = (name: string, text: string) => writeFile(join(files, name), text)
const applied = async () =>
  (await sql<{ name: string }[]>`select name from toygres_migrations order by version`).map(
    ({ name }) => name,
  )
const ours = (await readdir(new URL('../../sql', import.meta.url)))
  .filter((file) => /^\d{6}_/.test(file))
  .map((file) => file.slice(0, -'.sql'.length))
  .toSorted()
/** The name of a file that comes so many after ours. */
const later = (places = 1) => `${String(ours.length + places).padStart(6, '0')}_later`

test('six processes that start at once on an empty database apply each file once', async () => {
  const main = fileURLToPath(new URL('migrate-main.ts', import.meta.url))
  const node = ['--conditions=toygres-source', main, database.url]
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, node)),
  )
  expect(outcomes.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 6 }, () => ours.at(-1)))
  expect(await applied()).toEqual(ours)
})

test('a database that a newer Toygres has migrated is refused', async () => {
  await put(`${later()}.sql`, 'create table later (id int)')
  await migrateFrom()
  await expect(migrate(database.url)).rejects.toThrow(
    `the database has migration ${later()}, which this Toygres does not know`,
  )
})

test('a file that was edited after it was applied is refused, and nothing after it is applied', async () => {
  await migrateFrom()
  await put('000003_access.sql', 'select 1')
  await put(`${later()}.sql`, 'create table later (id int)')
  await expect(migrateFrom()).rejects.toThrow('sql/000003_access.sql was edited after it was applied')
  expect(await applied()).toEqual(ours)
})

test('a file that fails leaves nothing of itself, and is applied once it is mended', async () => {
  await put(`${later()}.sql`, 'create table later (id int); select 1 / 0')
  await expect(migrateFrom()).rejects.toThrow(`sql/${later()}.sql failed: division by zero`)
  expect(await applied()).toEqual(ours)
  expect(await sql`select from pg_class where relname = 'later'`).toHaveLength(0)

  await put(`${later()}.sql`, 'create table later (id int)')
  expect(await migrateFrom()).toBe(later())
})

test('a number that is used twice or left out is refused before anything is applied', async () => {
  await put('000003_another.sql', 'select 1')
  await expect(migrateFrom()).rejects.toThrow('does not follow: files are numbered from 000001 on')
  await rm(join(files, '000003_another.sql'))
  await put(`${later(2)}.sql`, 'select 1')
  await expect(migrateFrom()).rejects.toThrow(`sql/${later(2)}.sql does not follow`)
  expect(await sql`select from pg_class where relname = 'toygres_migrations'`).toHaveLength(0)
})

test('a migration whose tables are in use waits in turns with their users, and is applied once they are free', async () => {
  await migrateFrom()
  await sql`create table busy (id int)`
  await put(`${later()}.sql`, 'alter table busy add column later int')
  await using reader = await openTransaction('select from busy')
  const migrated = migrateFrom()
  const waits = () => sql`select from pg_locks where relation = 'busy'::regclass and not granted`
  await expect.poll(waits).not.toHaveLength(0)
  // Behind it, in the same queue: answered although the reader goes on.
  await using _other = await openTransaction('select from busy')
  await reader.end()
  await _other.end()
  expect(await migrated).toBe(later())
})

/** Has done this, and stays open. */
async function openTransaction(statement: string): Promise<AsyncDisposable & { end(): Promise<void> }> {
  const other = connect(database.url, { max: 1, applicationName: 'test' })
  await other`set idle_in_transaction_session_timeout = 0`
  await other`begin`
  await other.unsafe(statement)
  const end = async () => {
    await other.end()
  }
  return { end, [Symbol.asyncDispose]: end }
}
