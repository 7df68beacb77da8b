import { Command } from 'commander'
import { print } from '../output/print.ts'
import type { GlobalFlags } from '../session.ts'
import manifest from '../../package.json' with { type: 'json' }

export const versionCommand = (): Command =>
  new Command('version')
    .description('print the version of this program (also --version, -V)')
    .action((_: object, command: Command) => {
      const { version } = manifest
      return print(
        command.optsWithGlobals<GlobalFlags>().output,
        { version },
        { view: () => version, name: () => version },
      )
    })
