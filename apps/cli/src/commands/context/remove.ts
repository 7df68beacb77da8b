import { Argument, Command } from 'commander'
import { usageError } from '../../cli-error.ts'
import { naming } from '../../completion/subjects.ts'
import {
  contextNamed,
  contextsFile,
  localContext,
  readContexts,
  writeContexts,
} from '../../config/contexts.ts'
import type { GlobalFlags } from '../../session.ts'
import { contextRow, tellOf } from './context-row.ts'

export const contextRemoveCommand = (): Command =>
  new Command('remove')
    .alias('rm')
    .description('forget a context, and its key with it; the key stays good')
    .addArgument(naming(new Argument('<name>', 'of "toygres context list"'), 'context'))
    .action(async (name: string, _: object, command: Command) => {
      if (name === localContext)
        throw usageError(
          'local is the control plane of this machine: it has no entry to forget',
          'see "toygres context list"',
        )
      const path = contextsFile(process.env)
      const contexts = await readContexts(path)
      contextNamed(contexts, name)
      const { [name]: _gone, ...entries } = contexts.entries
      const current = contexts.current === name ? null : contexts.current
      await writeContexts(path, { current, entries })
      await tellOf(
        contextRow(name, contexts, current ?? localContext),
        `${name} is forgotten. Where nobody else uses its key, end that with "toygres keys revoke".`,
        command.optsWithGlobals<GlobalFlags>().output,
      )
    })
