import { randomBytes } from 'node:crypto'
import { databaseUrl, execute } from '../../../harness/postgres/set-up-postgres.ts'

export interface BenchDatabase {
  readonly url: string
  drop(): Promise<void>
}

export async function newDatabase(serverUrl: string): Promise<BenchDatabase> {
  const name = `bench_${randomBytes(4).toString('hex')}`
  await execute(serverUrl, `create database ${name}`)
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => execute(serverUrl, `drop database if exists ${name} with (force)`),
  }
}
