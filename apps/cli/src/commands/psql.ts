import type { Connection } from '@toygres/sdk'
import { Command } from 'commander'
import { instanceArgument } from '../completion/subjects.ts'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { replaceProcess } from '../replace-process.ts'
import { openSession } from '../session.ts'

export const psqlCommand = (): Command =>
  new Command('psql')
    .description("open the system's psql on an instance")
    .usage('[options] <name> [-- args...]')
    .addArgument(instanceArgument())
    .argument('[args...]', "psql's own, after --")
    .addHelpText('after', `\nExample:\n  toygres psql orders -- -c 'select version()'`)
    .action(psql)

async function psql(name: string, args: string[], _: object, command: Command): Promise<void> {
  const program = await findOnPath('psql', process.env)
  const { toygres } = await openSession(command)
  const connection = await toygres.instances.connection(name)
  await replaceProcess(program, args, environmentFor(connection, process.env))
}

/**
 * By environment, since everybody can list a process's arguments. None of the caller's own settings of libpq goes along:
 * they are about other servers, and could lead psql elsewhere or ask for what this one does not have.
 */
function environmentFor(
  { host, port, database, user, password }: Connection,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG')))
  return {
    ...rest,
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    PGPASSWORD: password,
  }
}

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  for (const directory of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(directory, name)
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return path
  }
  throw new CliError('PSQL_MISSING', 'there is no psql on this machine', {
    hint: 'install it ("apt-get install postgresql-client", "brew install libpq"), or use the string of "toygres url"',
  })
}
