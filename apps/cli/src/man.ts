import type { Command, Option } from 'commander'

export interface ManualOptions {
  readonly version: string
  /** What stands below the help of the program: a heading that ends with ":", and lines that are kept as they are. */
  readonly notes: string
}

/** The manual page, in the words of the commands' own definitions (man(7)). */
export function manualPage(program: Command, { version, notes }: ManualOptions): string {
  const commands = leavesOf(program)
  return [
    `.TH TOYGRES 1 "" "toygres ${version}" "User Commands"`,
    '.SH NAME',
    `toygres \\- ${escape(program.description())}`,
    '.SH SYNOPSIS',
    '.B toygres',
    '.I command',
    '[options]',
    '.SH OPTIONS OF EVERY COMMAND',
    ...program.createHelp().visibleOptions(program).flatMap(optionEntry),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandEntry(program, command)),
    '.SH NOTES',
    '.nf',
    ...notes.trim().split('\n').map(escape),
    '.fi',
    '',
  ].join('\n')
}

/** Those that do something, in the order of the help. */
function leavesOf(command: Command): Command[] {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
  return children.length === 0 ? [command] : children.flatMap(leavesOf)
}

function commandEntry(program: Command, command: Command): string[] {
  const help = command.createHelp()
  const args = help.visibleArguments(command).filter(({ description }) => description !== '')
  return [
    `.SS ${escape(help.commandUsage(command).replace(/^toygres /, ''))}`,
    escape(sentence(help.commandDescription(command))),
    ...args.flatMap((argument) => entry(help.argumentTerm(argument), help.argumentDescription(argument))),
    ...help
      .visibleOptions(command)
      .filter((option) => option.long !== '--help' && !program.options.includes(option))
      .flatMap(optionEntry),
  ]
}

function optionEntry(option: Option): string[] {
  const { flags, description, argChoices, defaultValue, defaultValueDescription } = option
  const choices = argChoices === undefined ? '' : ` One of ${argChoices.join(', ')}.`
  const usual =
    defaultValueDescription ??
    (typeof defaultValue === 'string' || typeof defaultValue === 'number' ? String(defaultValue) : undefined)
  return entry(flags, `${sentence(description)}${choices}${usual === undefined ? '' : ` Default: ${usual}.`}`)
}

const entry = (term: string, description: string): string[] => [
  '.TP',
  `.B ${escape(term)}`,
  escape(description),
]

const sentence = (text: string): string =>
  text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.)]$/.test(text) ? '' : '.'}`

/** A "-" that is typed is not a hyphen, and a line that begins with a dot is not ours to give orders with. */
const escape = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replace(/^(['.])/, String.raw`\&$1`)
