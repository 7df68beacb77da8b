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
import { tellOfUse } from './context-row.ts'

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
      await tellOfUse(name, contexts, command.optsWithGlobals<GlobalFlags>().output, process.env)
    })
