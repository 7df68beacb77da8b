import { Command } from 'commander'
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import { homeOf } from '../config/home.ts'
import { replaceProcess } from '../replace-process.ts'
import type { GlobalFlags } from '../session.ts'

interface UpFlags {
  detach?: boolean
  host?: string
  port?: string
  provider?: string
  databaseUrl?: string
}

export const upCommand = (): Command =>
  new Command('up')
    .description('run the control plane: its database, its API and its worker')
    .option('-d, --detach', 'run in the background; returns once it listens')
    .option('--host <address>', 'to listen on (TOYGRES_HOST, default 127.0.0.1)')
    .option('--port <number>', 'to listen on, 0 for any free one (TOYGRES_PORT, default 7420)')
    .option(
      '--provider <name>',
      'where instances live: local or kubernetes (TOYGRES_PROVIDER, default local)',
    )
    .option(
      '--database-url <url>',
      'keep the metadata in this PostgreSQL instead of an own one (TOYGRES_DATABASE_URL)',
    )
    .addHelpText(
      'after',
      `
Everything is kept below --home. Ctrl-C, or "toygres down", stops it; instances keep running.`,
    )
    .action(({ detach = false, databaseUrl, ...flags }: UpFlags, command: Command) =>
      runServer(
        command,
        [
          'up',
          ...(detach ? ['--detach'] : []),
          ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
        ],
        // Everybody can list arguments, and this one may hold a password.
        databaseUrl === undefined ? {} : { TOYGRES_DATABASE_URL: databaseUrl },
      ),
    )

export const downCommand = (): Command =>
  new Command('down')
    .description('stop the control plane of this machine; instances keep running')
    .option('--all', "stop the instances' servers too; their data stays")
    .action(({ all = false }: { all?: boolean }, command: Command) =>
      runServer(command, ['down', ...(all ? ['--all'] : [])]),
    )

/** In MiB. Without a bound, V8 lets the short-lived garbage of each request pile up to some 100 MB before it looks at it. */
const youngGeneration = '--max-semi-space-size=8'

/** Goes on as the server's own program. */
async function runServer(
  command: Command,
  [name = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const home = homeOf(command.optsWithGlobals<GlobalFlags>().home, process.env)
  const node = [...process.execArgv, youngGeneration, await serverMain()]
  await replaceProcess(process.execPath, [...node, name, '--home', home, ...args], { ...process.env, ...env })
}

/** The built CLI runs the built server, and the sources run the sources. */
async function serverMain(): Promise<string> {
  const path = import.meta.filename.endsWith('.ts')
    ? fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))
    : fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))
  await access(path).catch(() => {
    throw new CliError('SERVER_MISSING', `the server's program is not here: there is no ${path}`, {
      hint: 'build it with "npm run build", or call the control plane of another machine: see "toygres context add --help"',
    })
  })
  return path
}
