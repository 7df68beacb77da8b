import { Command } from 'commander'
import { CliError, usageError } from '../../cli-error.ts'
import { isHttp, isKey } from '../../config/client-config.ts'
import { contextsFile, localContext, readContexts, writeContexts } from '../../config/contexts.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { GlobalFlags } from '../../session.ts'
import { askHidden } from '../../ask.ts'
import { contextRow, tellOf, tellOfUse } from './context-row.ts'

interface AddFlags {
  url: string
  use?: boolean
  force?: boolean
}

export const contextAddCommand = (): Command =>
  new Command('add')
    .description('keep the address of a control plane and a key for it, under a name')
    .argument('<name>', 'what to call it')
    .requiredOption('--url <url>', 'where it listens: https://host:port')
    .option('--use', 'call it from now on')
    .option('--force', 'in place of one of that name')
    .addHelpText(
      'after',
      `
The key is asked for, or read from stdin where that is no terminal; never from the
arguments, which everybody on the machine can list. The file has mode 0600.
With --project, that is the project to act in.

Example:
  toygres context add prod --url https://toygres.example.com --use <key.txt`,
    )
    .action(add)

async function add(
  name: string,
  { url, use = false, force = false }: AddFlags,
  command: Command,
): Promise<void> {
  const { project, output } = command.optsWithGlobals<GlobalFlags>()
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(name) || name === localContext)
    throw usageError(
      name === localContext
        ? 'local is the control plane of this machine'
        : `${name} is no name for a context`,
      'choose one of letters, digits, ".", "_" and "-"',
    )
  if (!isHttp(url))
    throw usageError('--url takes http://host:port or https://host:port', 'give the whole address')
  const path = contextsFile(process.env)
  const contexts = await readContexts(path)
  if (Object.hasOwn(contexts.entries, name) && !force)
    throw new CliError('CONTEXT_EXISTS', `there is a context ${name} already`, {
      exitCode: exitCodes.conflict,
      hint: 'say --force to put this one in its place',
    })

  const apiKey = (await askHidden(`API key for ${url}: `)).trim()
  if (apiKey === '') throw usageError('no key was given: stdin is empty', 'give it like this: <key.txt')
  if (!isKey(apiKey)) throw usageError('that is no key', 'a key is one word: toygres_<id>_<secret>')

  const added = {
    current: use ? name : contexts.current,
    entries: { ...contexts.entries, [name]: { url, apiKey, ...(project !== undefined && { project }) } },
  }
  await writeContexts(path, added)
  if (use) return tellOfUse(name, added, output, process.env)
  await tellOf(
    contextRow(name, added, added.current ?? localContext),
    `Call it with --context ${name}, or from now on: toygres context use ${name}`,
    output,
  )
}
