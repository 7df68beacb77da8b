import { Command } from 'commander'
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import { replaceProcess } from '../replace-process.ts'
import type { GlobalFlags } from '../session.ts'

export const upCommand = (): Command =>
  serverCommand('up', 'run the control plane, its database and its API (see "toygres up --help")')

export const downCommand = (): Command =>
  serverCommand('down', 'stop the control plane; instances keep running (see "toygres down --help")')

/** In MiB. Without a bound, V8 lets the short-lived garbage of each request pile up to some 100 MB before it looks at it. */
const youngGeneration = '--max-semi-space-size=8'

/** A command of the server's own program, which reads its own flags, `--help` included. */
const serverCommand = (name: 'up' | 'down', description: string): Command =>
  new Command(name)
    .description(description)
    .usage('[options]')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[args...]')
    .action(async (args: string[], _: object, command: Command) => {
      const { home } = command.optsWithGlobals<GlobalFlags>()
      const own = home === undefined ? [] : ['--home', home]
      const main = await serverMain()
      const node = [...process.execArgv, youngGeneration]
      await replaceProcess(process.execPath, [...node, main, name, ...own, ...args], process.env)
    })

/** The built CLI runs the built server, and the sources run the sources. */
async function serverMain(): Promise<string> {
  const path = import.meta.filename.endsWith('.ts')
    ? fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))
    : fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))
  await access(path).catch(() => {
    throw new CliError('SERVER_MISSING', `the server's program is not here: there is no ${path}`, {
      hint: 'build it with "npm run build", or use the control plane of another machine with TOYGRES_URL',
    })
  })
  return path
}
