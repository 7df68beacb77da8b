import { LocalPostgresError } from '@toygres/local-postgres'
import { Command } from 'commander'
import { down } from './down.ts'
import { defaultHome } from './home.ts'
import { readUpOptions } from './options.ts'
import { up } from './up.ts'
import { UsageError, UserError } from './user-error.ts'
import { version } from './version.ts'

const exitCodes = { error: 1, usage: 2 }

// As the CLI does: commander's own code for bad usage is 1.
const program = new Command('toygres')
  .version(version)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.usage))

program
  .command('up')
  .description('run the control plane: its metadata PostgreSQL, API and worker')
  .option('-d, --detach', 'run in the background; returns once it listens')
  .option('--home <directory>', 'where everything is kept (TOYGRES_HOME)')
  .option('--host <address>', 'to listen on (TOYGRES_HOST, default 127.0.0.1)')
  .option('--port <number>', 'to listen on (TOYGRES_PORT, default 7420)')
  .option('--provider <name>', 'where instances live: local, kubernetes (TOYGRES_PROVIDER)')
  .option(
    '--database-url <url>',
    'use this PostgreSQL for metadata instead of an own one (TOYGRES_DATABASE_URL)',
  )
  .action((flags: Record<string, unknown>) => up(readUpOptions(flags, process.env)))

program
  .command('down')
  .description('stop the control plane; instances keep running')
  .option('--all', "stop the instances' servers too; their data stays")
  .option('--home <directory>', 'of the control plane (TOYGRES_HOME)')
  .action(({ all = false, home }: { all?: boolean; home?: string }) =>
    down({ all, home: home ?? (process.env['TOYGRES_HOME'] || defaultHome()) }),
  )

try {
  await program.parseAsync()
  process.exit()
} catch (error) {
  console.error(`toygres: ${explain(error)}`)
  process.exit(error instanceof UsageError ? exitCodes.usage : exitCodes.error)
}

/** What we know gets its sentence; the unexpected keeps its stack, since it is a bug that somebody must find. */
function explain(error: unknown): string {
  if (error instanceof UserError || error instanceof LocalPostgresError) return error.message
  if (!(error instanceof Error)) return String(error)
  // The system's and PostgreSQL's own refusals; ERR_ is how Node names our misuse of it.
  if ('code' in error && !String(error.code).startsWith('ERR_')) return error.message
  return error.stack ?? error.message
}
