import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createStepQueue, seconds } from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { createHealthQueue } from '../health/queue.ts'
import { createWebhookQueue } from '../webhooks/queue.ts'
import { connect } from './connect.ts'

/** For what it locks a migration waits so long; meanwhile everybody else waits for it. */
const lockTimeoutMs = seconds(2)

/** Then the others go on, and it tries again. */
const betweenTriesMs = seconds(1)
const tries = 30

/** Any number that nobody else locks: serialises everybody who migrates this database. */
const migrationLock = 7_040_112_018

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

interface Migration {
  readonly version: number
  readonly name: string
  readonly checksum: string
  readonly sql: string
}

export const migrationsDirectory = new URL('../../../../sql/', import.meta.url)

/**
 * Brings a metadata database to this program's schema: every `sql/NNNNNN_name.sql` that is missing, in order, each in
 * one transaction, then pg-boss's own schema. Any number of processes may call it at once. What is in use meanwhile is waited for,
 * in turns with those who use it.
 * @returns the name of the newest migration
 * @throws {MigrationError} if the database was migrated by a newer Toygres, an applied file was edited, or one fails
 */
export async function migrate(databaseUrl: string, directory: URL = migrationsDirectory): Promise<string> {
  const migrations = await readMigrations(directory)
  const sql = connect(databaseUrl, { max: 1, applicationName: 'toygres migrate' })
  try {
    // Waits for whoever migrates now, however long that takes.
    await sql`set statement_timeout = 0`
    await sql`select pg_advisory_lock(${migrationLock})`
    await applyMissing(sql, migrations)
    await migrateQueue(databaseUrl)
  } finally {
    await sql.end()
  }
  return migrations.at(-1)?.name ?? 'none'
}

async function readMigrations(directory: URL): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{6}_[a-z0-9_]+\.sql$/.test(file)).toSorted()
  const migrations = await Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, directory), 'utf8')
      const checksum = createHash('sha256').update(sql).digest('hex')
      return { version: Number(file.slice(0, 6)), name: file.slice(0, -4), checksum, sql }
    }),
  )
  // Two branches that each added a file: the one that is merged last must be renumbered, or its order is a matter of luck.
  const misplaced = migrations.find(({ version }, index) => version !== index + 1)
  if (misplaced)
    throw new MigrationError(
      `sql/${misplaced.name}.sql does not follow: files are numbered from 000001 on, each number once`,
    )
  return migrations
}

async function applyMissing(sql: Sql, migrations: readonly Migration[]): Promise<void> {
  await sql`create table if not exists toygres_migrations (
    version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`
  const applied = await sql<{ version: number; name: string; checksum: string }[]>`
    select version, name, checksum from toygres_migrations order by version`
  const known = new Map(migrations.map((migration) => [migration.version, migration]))
  for (const { version, name, checksum } of applied) {
    const ours = known.get(version)
    if (ours === undefined)
      throw new MigrationError(
        `the database has migration ${name}, which this Toygres does not know: it was used by a newer one, so start that`,
      )
    if (ours.checksum !== checksum)
      throw new MigrationError(
        `sql/${name}.sql was edited after it was applied: undo the edit and write a new file`,
      )
  }
  const done = new Set(applied.map((row) => row.version))
  for (const migration of migrations.filter(({ version }) => !done.has(version))) await apply(sql, migration)
}

async function apply(sql: Sql, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(sql, migration)
    } catch (cause) {
      const locked = isLockedOut(cause)
      if (locked && attempt < tries) await sleep(betweenTriesMs)
      else
        throw new MigrationError(
          `sql/${migration.name}.sql failed: ${cause instanceof Error ? cause.message : String(cause)}${locked ? ': end the transactions that are open in this database' : ''}`,
          { cause },
        )
    }
  }
}

async function applyOnce(sql: Sql, { version, name, checksum, sql: text }: Migration): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(`set local lock_timeout = ${lockTimeoutMs}`)
    await tx.unsafe(text)
    await tx`insert into toygres_migrations (version, name, checksum) values (${version}, ${name}, ${checksum})`
  })
}

/** It waited for a lock for too long, or was the victim of a deadlock: a view that it replaces can be read in either order. */
const isLockedOut = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01')

async function migrateQueue(databaseUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 1,
    migrate: true,
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  await createStepQueue(boss)
  await createHealthQueue(boss)
  await createWebhookQueue(boss)
  await boss.stop({ graceful: false })
}
