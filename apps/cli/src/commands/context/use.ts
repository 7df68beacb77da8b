import { Argument, Command } from 'commander'
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

export const contextUseCommand = (): Command =>
  new Command('use')
    .description('call this control plane from now on')
    .addArgument(
      naming(
        new Argument('<name>', `of "toygres context list"; ${localContext} is the one of this machine`),
        'context',
      ),
    )
    .action(async (name: string, _: object, command: Command) => {
      const path = contextsFile(process.env)
      const contexts = await readContexts(path)
      if (name !== localContext) contextNamed(contexts, name)
      await writeContexts(path, { ...contexts, current: name === localContext ? null : name })
      const override = ['TOYGRES_URL', 'TOYGRES_CONTEXT', 'TOYGRES_HOME'].find(
        (variable) => process.env[variable],
      )
      await tellOf(
        contextRow(name, contexts, name),
        `${name} is called from now on${override === undefined ? '' : `, but not here: ${override} is set`}.`,
        command.optsWithGlobals<GlobalFlags>().output,
      )
    })
