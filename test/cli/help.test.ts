import { expect, test } from 'vitest'
import { createProgram } from '../../apps/cli/src/program.ts'
import { expectGolden } from './golden.ts'

const program = createProgram()
type Command = typeof program

const pathsOf = (command: Command): Command[] =>
  command.name() === '__complete' ? [] : [command, ...command.commands.flatMap(pathsOf)]

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100 })
  command.outputHelp()
  return text
}

const commands = pathsOf(program).map((command) => [pathOf(command), command] as const)

test.for(commands)('the help of %s', async ([path, command]) => {
  await expectGolden(`help/${path.replaceAll(' ', '-')}`, helpOf(command))
})

test.for(commands)('%s explains itself, and every flag and argument that it has', ([, command]) => {
  const undescribed = [...command.options, ...command.registeredArguments].filter(
    (word) => word.description === '' && word.argChoices === undefined,
  )
  expect(command.description()).not.toBe('')
  expect(undescribed.map((word) => word.name())).toEqual([])
})
