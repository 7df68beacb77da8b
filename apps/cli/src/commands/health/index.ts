import { Command } from 'commander'
import { healthEventsCommand } from './events.ts'
import { healthGetCommand } from './get.ts'
import { healthHistoryCommand } from './history.ts'
import { healthSetCommand } from './set.ts'

export const healthCommand = (): Command =>
  new Command('health')
    .description('how instances are, and were')
    .addCommand(healthGetCommand())
    .addCommand(healthHistoryCommand())
    .addCommand(healthEventsCommand())
    .addCommand(healthSetCommand())
