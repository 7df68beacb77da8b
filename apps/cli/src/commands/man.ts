import { Command } from 'commander'
import { manualPage } from '../man.ts'
import { write } from '../output/print.ts'
import manifest from '../../package.json' with { type: 'json' }

export const manCommand = (notes: string): Command =>
  new Command('man')
    .description('print the manual page')
    .addHelpText(
      'after',
      `
Read it with "toygres man | man -l -", or install it:
  toygres man >~/.local/share/man/man1/toygres.1`,
    )
    .action((_: object, command: Command) =>
      write(manualPage(command.parent ?? command, { version: manifest.version, notes })),
    )
