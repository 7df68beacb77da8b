import { Command } from 'commander'
import { driftListCommand } from './list.ts'

export const driftCommand = (): Command =>
  new Command('drift')
    .description('where instances are not what they should be')
    .addCommand(driftListCommand())
