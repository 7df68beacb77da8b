import { Command } from 'commander'
import { contextInUse } from '../../config/config.ts'
import { print } from '../../output/print.ts'
import type { GlobalFlags } from '../../session.ts'

export const contextCurrentCommand = (): Command =>
  new Command('current')
    .description('print the name of the context in use')
    .action(async (_: object, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const name = await contextInUse(flags, process.env)
      await print(flags.output, { name }, { view: () => name, name: () => name })
    })
