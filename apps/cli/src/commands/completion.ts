import { Argument, Command } from 'commander'
import { candidatesFor } from '../completion/candidates.ts'
import { namesOf } from '../completion/names.ts'
import { completionScript, shells, type Shell } from '../completion/scripts.ts'
import { oneLine } from '../output/text.ts'
import { write } from '../output/print.ts'
import { openSession } from '../session.ts'

export const completionCommand = (): Command =>
  new Command('completion')
    .description('print what makes a shell complete commands, flags and the names of instances')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      `
Install it:
  bash   toygres completion bash >~/.local/share/bash-completion/completions/toygres
  zsh    toygres completion zsh >"\${fpath[1]}/_toygres"
  fish   toygres completion fish >~/.config/fish/completions/toygres.fish`,
    )
    .action((shell: Shell) => write(completionScript(shell)))

/** What the scripts call: a line for each word that fits, with what it means. */
export const completeCommand = (): Command =>
  new Command('__complete')
    .argument('[words...]')
    .action(async (words: string[], _: object, command: Command) => {
      const root = command.parent ?? command
      const open = async () => (await openSession(command)).toygres
      const candidates = await candidatesFor(root, words, (subject) => namesOf(subject, open))
      write(candidates.map(({ word, description }) => `${word}\t${oneLine(description)}`).join('\n'))
    })
