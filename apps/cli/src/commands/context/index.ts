import { Command } from 'commander'
import { contextAddCommand } from './add.ts'
import { contextCurrentCommand } from './current.ts'
import { contextListCommand } from './list.ts'
import { contextRemoveCommand } from './remove.ts'
import { contextUseCommand } from './use.ts'

export const contextCommand = (): Command =>
  new Command('context')
    .description('the control planes that you call, by name')
    .addCommand(contextAddCommand())
    .addCommand(contextListCommand())
    .addCommand(contextUseCommand())
    .addCommand(contextCurrentCommand())
    .addCommand(contextRemoveCommand())
