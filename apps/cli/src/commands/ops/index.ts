import { Command } from 'commander'
import { opsCancelCommand } from './cancel.ts'
import { opsGetCommand } from './get.ts'
import { opsGraphCommand } from './graph.ts'
import { opsListCommand } from './list.ts'
import { opsRetryCommand } from './retry.ts'
import { opsWaitCommand } from './wait.ts'
import { opsWatchCommand } from './watch.ts'

export const opsCommand = (): Command =>
  new Command('ops')
    .description('operations: changes that were asked for, run now, or have ended')
    .addCommand(opsListCommand())
    .addCommand(opsGetCommand())
    .addCommand(opsGraphCommand())
    .addCommand(opsWaitCommand())
    .addCommand(opsWatchCommand())
    .addCommand(opsCancelCommand())
    .addCommand(opsRetryCommand())
