import { connect } from '@toygres/control-plane'
import {
  Engine,
  newId,
  type EngineOptions,
  type EventRecord,
  type OperationRecord,
  type Workflow,
} from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { createTestDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { createWitness, workflows, type Witnessed } from './workflows.ts'

export interface World extends AsyncDisposable {
  readonly database: TestDatabase
  readonly sql: Sql
  readonly engine: Engine<Witnessed>
  start<I, O, R>(
    workflow: Workflow<Witnessed, I, O, R>,
    input: I,
    resourceId?: string,
    requestedBy?: string,
  ): Promise<string>
  /** Everything that happened, once it has ended. */
  ended(id: string): Promise<{ operation: OperationRecord; events: EventRecord[] }>
  /** What the bodies did, in order. */
  did(id: string): Promise<string[]>
}

export async function openEngine(
  databaseUrl: string,
  options: Partial<Pick<EngineOptions<Witnessed>, 'reach' | 'concurrency' | 'retentionMs'>> = {},
) {
  const sql = connect(databaseUrl, { max: 8, applicationName: 'conformance' })
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 2,
    migrate: false,
    schedule: false,
    supervise: false,
  })
  boss.on('error', () => {})
  await boss.start()
  const quiet = { info() {}, warn: process.env['LOUD'] ? console.error : () => {}, error: console.error }
  // The suite runs a second time in this mode (see vitest.config.ts); processes that are started inherit it.
  const evict = process.env['TOYGRES_TEST_EVICT'] === '1'
  const engine = new Engine({ evict, sql, boss, workflows, dependencies: { sql }, logger: quiet, ...options })
  return {
    sql,
    engine,
    async close() {
      await engine.stop(2000)
      await boss.stop({ graceful: false })
      await sql.end({ timeout: 5 })
    },
  }
}

/** A database with an engine on it; with `work: false`, others do the work. */
export async function createWorld({ work = true } = {}): Promise<World> {
  const database = await createTestDatabase()
  const { sql, engine, close } = await openEngine(database.url)
  await createWitness(sql)
  await engine.run({ work })
  return {
    database,
    sql,
    engine,
    start: (workflow, input, resourceId = newId(), requestedBy = 'test') =>
      sql.begin((tx) => engine.start(tx, workflow, { resourceId, input, requestedBy })),
    async ended(id) {
      const events: EventRecord[] = []
      for await (const event of engine.watch(id, { afterSeq: 0, signal: AbortSignal.timeout(60_000) }))
        events.push(event)
      const operation = await engine.get(id)
      if (operation === null) throw new Error(`operation ${id} vanished`)
      return { operation, events }
    },
    async did(id) {
      const rows = await sql<
        { what: string }[]
      >`select what from witness where operation_id = ${id} order by id`
      return rows.map((row) => row.what)
    },
    async [Symbol.asyncDispose]() {
      await close()
      await database.drop()
    },
  }
}
