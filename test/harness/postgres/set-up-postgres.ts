import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { containerServer } from './container-server.ts'
import { embeddedServer, type TestServer } from './embedded-server.ts'

/** Handed from vitest's main process to its workers. */
export interface TestPostgres {
  /** Of a database that is nobody's: to create and drop others from. */
  readonly adminUrl: string
  readonly template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    testPostgres: TestPostgres
  }
}

export interface PostgresSetup {
  /** Fills the empty template database. */
  readonly prepare: (databaseUrl: string) => Promise<unknown>
}

/** A PostgreSQL from `TOYGRES_TEST_DATABASE_URL`, one in a container (`TOYGRES_TEST_POSTGRES=testcontainers`), or one of our own that ends with this process. */
export function setUpPostgres({ prepare }: PostgresSetup) {
  return async (project: TestProject): Promise<() => Promise<void>> => {
    const given = process.env['TOYGRES_TEST_DATABASE_URL']
    const server = await openServer(given)
    const template = `toygres_template_${randomBytes(6).toString('hex')}`
    try {
      await execute(server.url, `create database ${template}`)
      await prepare(databaseUrl(server.url, template))
    } catch (error) {
      await server.stop()
      throw error
    }
    project.provide('testPostgres', { adminUrl: server.url, template })
    return async () => {
      if (given) await execute(given, `drop database if exists ${template} with (force)`)
      await server.stop()
    }
  }
}

async function openServer(given: string | undefined): Promise<TestServer> {
  if (given) return { url: given, stop: async () => {} }
  const kind = process.env['TOYGRES_TEST_POSTGRES'] || 'embedded'
  switch (kind) {
    case 'embedded':
      return embeddedServer()
    case 'testcontainers':
      return containerServer()
    default:
      throw new Error(`TOYGRES_TEST_POSTGRES takes embedded or testcontainers, not ${kind}`)
  }
}

/** Runs one statement on a connection of its own. */
export async function execute(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
