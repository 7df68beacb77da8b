import { parseArgs } from 'node:util'
import { LocalPostgresError } from '@toygres/local-postgres'
import { down } from './down.ts'
import { readUpOptions } from './options.ts'
import { up } from './up.ts'
import { UsageError, UserError } from './user-error.ts'

const exitCodes = { error: 1, usage: 2 }

const text = { type: 'string' } as const
const yes = { type: 'boolean' } as const
const upFlags = { home: text, host: text, port: text, provider: text, 'database-url': text, detach: yes }
const downFlags = { home: text, all: yes }

try {
  await run(process.argv.slice(2))
  process.exit()
} catch (error) {
  console.error(`toygres: ${explain(error)}`)
  process.exit(error instanceof UsageError ? exitCodes.usage : exitCodes.error)
}

/** What `toygres up` and `toygres down` of the CLI go on as; their flags are explained there. */
async function run([command, ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case 'up': {
      const { 'database-url': databaseUrl, ...flags } = read(args, upFlags)
      return up(readUpOptions({ ...flags, ...(databaseUrl !== undefined && { databaseUrl }) }, process.env))
    }
    case 'down': {
      const { all = false, home } = read(args, downFlags)
      if (!home) throw new UsageError('--home takes a directory')
      return down({ all, home })
    }
    default:
      throw new UsageError('this program runs "up --home DIR" and "down --home DIR": see "toygres up --help"')
  }
}

function read<Flags extends Record<string, typeof text | typeof yes>>(
  args: readonly string[],
  options: Flags,
) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** What we know gets its sentence; the unexpected keeps its stack, since it is a bug that somebody must find. */
function explain(error: unknown): string {
  if (error instanceof UserError || error instanceof LocalPostgresError) return error.message
  if (!(error instanceof Error)) return String(error)
  // The system's and PostgreSQL's own refusals; ERR_ is how Node names our misuse of it.
  if ('code' in error && !String(error.code).startsWith('ERR_')) return error.message
  return error.stack ?? error.message
}
