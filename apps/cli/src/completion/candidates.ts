import type { Argument, Command, Option } from 'commander'
import { subjectOf, type Subject } from './subjects.ts'

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly word: string
  readonly description: string
}

export type NamesOf = (subject: Subject) => Promise<readonly string[]>

/** What may come after `words`, of which the last is what is typed so far; told by the commands' own definitions. */
export async function candidatesFor(
  root: Command,
  words: readonly string[],
  namesOf: NamesOf,
): Promise<Candidate[]> {
  const partial = words.at(-1) ?? ''
  const { command, positionals, awaiting } = follow(root, words.slice(0, -1))
  const all = await what(command, { partial, positionals, awaiting, namesOf })
  return all.filter(({ word }) => word.startsWith(partial))
}

interface Cursor {
  readonly command: Command
  /** Arguments of the command before the cursor. */
  readonly positionals: number
  /** The flag before the cursor, where it wants a value. */
  readonly awaiting: Option | undefined
}

function follow(root: Command, words: readonly string[]): Cursor {
  let command = root
  let positionals = 0
  let awaiting: Option | undefined
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined
    else if (word.startsWith('-'))
      awaiting = takesValue(optionsOf(command).find(({ long, short }) => long === word || short === word))
    else {
      const next = positionals === 0 ? subcommand(command, word) : undefined
      if (next === undefined) positionals++
      else command = next
    }
  }
  return { command, positionals, awaiting }
}

const takesValue = (option: Option | undefined): Option | undefined =>
  option?.required === true ? option : undefined

const subcommand = (command: Command, word: string): Command | undefined =>
  command.commands.find((child) => child.name() === word || child.aliases().includes(word))

interface Place extends Omit<Cursor, 'command'> {
  readonly partial: string
  readonly namesOf: NamesOf
}

async function what(
  command: Command,
  { partial, positionals, awaiting, namesOf }: Place,
): Promise<Candidate[]> {
  if (awaiting !== undefined) return valuesOf(awaiting, namesOf)
  if (partial.startsWith('-'))
    return optionsOf(command)
      .filter(({ hidden }) => !hidden)
      .map(({ long, short, description }) => ({ word: long ?? short ?? '', description }))
  if (command.commands.length > 0 && positionals === 0)
    return command
      .createHelp()
      .visibleCommands(command)
      .filter((child) => child.name() !== 'help')
      .map((child) => ({ word: child.name(), description: child.description() }))
  const { registeredArguments: args } = command
  const argument = args[positionals] ?? (args.at(-1)?.variadic ? args.at(-1) : undefined)
  return argument === undefined ? [] : valuesOf(argument, namesOf)
}

async function valuesOf(word: Argument | Option, namesOf: NamesOf): Promise<Candidate[]> {
  const subject = subjectOf(word)
  const values = subject === undefined ? (word.argChoices ?? []) : await namesOf(subject)
  return values.map((value) => ({ word: value, description: '' }))
}

/** Its own and those of every command. */
function optionsOf(command: Command): Option[] {
  const help = command.createHelp()
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
}
