import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { databaseUrl, execute } from './set-up-postgres.ts'

export interface TestDatabase extends AsyncDisposable {
  /** With user and password. */
  readonly url: string
  readonly name: string
  /** Drops it, whoever is connected. */
  drop(): Promise<void>
}

/** A database of its own for a test file, migrated and empty. Drop it in `afterAll`, or hold it with `await using`. */
export const createTestDatabase = (): Promise<TestDatabase> => createDatabase(inject('testPostgres').template)

/** One in which nothing has been made yet. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createDatabase('template0')

async function createDatabase(template: string): Promise<TestDatabase> {
  const { adminUrl } = inject('testPostgres')
  const name = `toygres_test_${randomBytes(6).toString('hex')}`
  await execute(adminUrl, `create database ${name} template ${template}`)
  const drop = () => execute(adminUrl, `drop database if exists ${name} with (force)`)
  return { url: databaseUrl(adminUrl, name), name, drop, [Symbol.asyncDispose]: drop }
}
