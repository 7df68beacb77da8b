import { connect } from '@toygres/control-plane'
import { Engine, type EngineOptions } from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { workflows, type Witnessed } from './workflows.ts'

export type Settings = Partial<
  Pick<EngineOptions<Witnessed>, 'reach' | 'concurrency' | 'retentionMs' | 'workflows' | 'limits'>
> & {
  /** False: it does only what it was notified of, and nothing makes up for a notification that was lost. */
  readonly polls?: boolean
}

export interface OpenEngine {
  readonly sql: Sql
  readonly engine: Engine<Witnessed>
  /** Runs steps. */
  run(): Promise<void>
  close(): Promise<void>
}

/** An engine on this database, which does nothing yet. */
export async function openEngine(
  databaseUrl: string,
  { polls = true, ...settings }: Settings = {},
): Promise<OpenEngine> {
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
  const quiet = { info() {}, warn: process.env['LOUD'] ? console.error : () => {}, error: () => {} }
  // The suite runs a second time in this mode (see vitest.config.ts); processes that are started inherit it.
  const evict = process.env['TOYGRES_TEST_EVICT'] === '1'
  const engine = new Engine({
    evict,
    sql,
    boss,
    workflows,
    dependencies: { sql },
    logger: quiet,
    ...(!polls && { safetyPollMs: Infinity }),
    ...settings,
  })
  return {
    sql,
    engine,
    run: () => (polls ? engine.run() : withoutIntervals(sql, () => engine.run())),
    async close() {
      await engine.stop(2000)
      await boss.stop({ graceful: false })
      await sql.end({ timeout: 5 })
    },
  }
}

/** No interval that is set meanwhile ever fires, so the lease is given for ever. */
async function withoutIntervals(sql: Sql, run: () => Promise<void>): Promise<void> {
  const { setInterval } = globalThis
  globalThis.setInterval = ((_: () => void, ms: number) => {
    const timer = setInterval(() => {}, ms)
    clearInterval(timer)
    return timer
  }) as typeof setInterval
  try {
    await run()
  } finally {
    globalThis.setInterval = setInterval
  }
  await sql`update workers set lease_until = 'infinity'`
}
