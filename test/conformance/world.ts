import {
  newId,
  type Engine,
  type EventRecord,
  type OperationRecord,
  type OperationState,
  type Workflow,
} from '@toygres/workflow'
import { setTimeout } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { expect } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { openEngine, type Settings } from './open-engine.ts'
import { createWitness, type Witnessed } from './workflows.ts'

export interface History {
  readonly operation: OperationRecord
  readonly events: EventRecord[]
}

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
  cancel(id: string): Promise<OperationState | null>
  retry(id: string): Promise<OperationState | null>
  /** Once it is in this state, which it must not leave by itself. */
  reached(id: string, state: OperationState): Promise<OperationRecord>
  /** Everything that happened, once it has ended. */
  ended(id: string): Promise<History>
  /** What the bodies did, in order. */
  did(id: string): Promise<string[]>
  /** Once a body has said so. */
  saw(id: string, what: string): Promise<void>
  /** Makes it true for the bodies that look for it. */
  tell(what: string, id?: string): Promise<void>
  /** As if the lease of the process, or of everybody, had lapsed: who is dead need not be waited for. */
  lapse(pid?: number): Promise<void>
  /** As if the time had come for everything that rests. */
  hurry(): Promise<void>
  /** Tells workers that there is something to do. */
  announceWork(): Promise<void>
}

/** A database with an engine on it; with `work: false`, others do the work. */
export async function createWorld({
  work = true,
  ...settings
}: Settings & { work?: boolean } = {}): Promise<World> {
  const database = await createTestDatabase()
  const { sql, engine, close } = await openEngine(database.url, settings)
  await createWitness(sql)
  await engine.run({ work })
  const watch = (id: string) => engine.watch(id, { afterSeq: 0, signal: AbortSignal.timeout(110_000) })
  const get = async (id: string) => {
    const operation = await engine.get(id)
    if (operation === null) throw new Error(`operation ${id} vanished`)
    return operation
  }
  const did = async (id: string) => {
    const rows = await sql<
      { what: string }[]
    >`select what from witness where operation_id = ${id} order by id`
    return rows.map((row) => row.what)
  }
  const announceWork = async () => {
    await sql`select pg_notify('toygres_operations', '{"work":true}')`
  }
  return {
    database,
    sql,
    engine,
    start: (workflow, input, resourceId = newId(), requestedBy = 'test') =>
      sql.begin((tx) => engine.start(tx, workflow, { resourceId, input, requestedBy })),
    cancel: (id) => sql.begin((tx) => engine.cancel(tx, id)),
    retry: (id) => sql.begin((tx) => engine.retry(tx, id)),
    async reached(id, state) {
      for await (const event of watch(id)) if (event.operationState === state) break
      const operation = await get(id)
      expect(operation.state).toBe(state)
      return operation
    },
    async ended(id) {
      const events: EventRecord[] = []
      for await (const event of watch(id)) events.push(event)
      return { operation: await get(id), events }
    },
    did,
    async saw(id, what) {
      while (!(await did(id)).includes(what)) await setTimeout(20)
    },
    async tell(what, id) {
      await sql`insert into witness (operation_id, what) values (${id ?? null}, ${what})`
    },
    async lapse(pid) {
      await sql`update workers set lease_until = now() - interval '1 millisecond' where pid = coalesce(${pid ?? null}, pid)`
    },
    async hurry() {
      await sql`update pgboss.job set start_after = now() where state < 'active' and start_after > now()`
      await announceWork()
    },
    announceWork,
    async [Symbol.asyncDispose]() {
      await close()
      await database.drop()
    },
  }
}
