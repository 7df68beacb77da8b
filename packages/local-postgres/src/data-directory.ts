import { rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './command.ts'
import { giveTree, isThere, removeTree } from './directories.ts'
import { syncDirectory } from './durability.ts'
import { LocalPostgresError } from './errors.ts'
import { type Installation, program } from './installation.ts'
import { killProcessesIn } from './processes.ts'
import { scramVerifier } from './scram.ts'
import { readServerFile } from './server-file.ts'
import { cloneTemplate } from './spare.ts'

/**
 * Makes the data directory of a server unless it is there. Only a complete one ever has its final name,
 * so one that has it is used as it is, and never replaced.
 * @param options.password of the superuser `postgres`; the server learns a SCRAM verifier of it, nothing else does
 */
export async function createDataDirectory(
  installation: Installation,
  directory: string,
  options: { readonly password: string; readonly signal?: AbortSignal },
): Promise<void> {
  if (await isThere(directory)) return
  const half = `${directory}.partial`
  // What a process that was killed left working there.
  await killProcessesIn(half)
  await removeTree(half)
  try {
    await cloneTemplate(installation, half)
    await giveTree(half, installation.account)
    await setPassword(installation, half, options)
    await rename(half, directory)
    await syncDirectory(dirname(directory))
  } catch (error) {
    await removeTree(half)
    throw error
  }
}

/** Sets the password of the superuser in a data directory that no server runs in. */
export async function setPassword(
  installation: Installation,
  directory: string,
  { password, signal }: { readonly password: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const statement = `alter role postgres password '${await scramVerifier(password)}';\n`
  const said = await run(program(installation, 'postgres'), singleUserArguments(directory), {
    account: installation.account,
    input: statement,
    writesBelow: dirname(directory),
    signal,
  })
  // Single-user mode ends well even when a statement failed.
  if (/ (ERROR|FATAL|PANIC): /.test(said)) {
    throw new LocalPostgresError('START_FAILED', `the password could not be set in ${directory}`)
  }
}

function singleUserArguments(directory: string): string[] {
  const quiet = ['log_statement=none', 'log_min_error_statement=panic', 'logging_collector=off']
  return ['--single', '-D', directory, ...quiet.flatMap((setting) => ['-c', setting]), 'postgres']
}

/**
 * The exact-enough look before a start: PostgreSQL itself finds the rest.
 * @throws {LocalPostgresError} DATA_DIRECTORY_CORRUPT
 */
export async function checkDataDirectory(directory: string, major: string): Promise<void> {
  const corrupt = (why: string) =>
    new LocalPostgresError(
      'DATA_DIRECTORY_CORRUPT',
      `the data directory ${directory} ${why}: it is left as it is, restore it or delete the instance`,
    )
  const found = (await readServerFile(join(directory, 'PG_VERSION'), 16))?.trim() ?? null
  if (found === null) throw corrupt('has no PG_VERSION file')
  if (found !== major) throw corrupt(`is not of PostgreSQL ${major}`)
  const control = await stat(join(directory, 'global', 'pg_control')).catch(() => null)
  if (control?.size !== 8192) throw corrupt('has no whole global/pg_control file')
}
