import { Command } from 'commander'
import { webhooksCreateCommand } from './create.ts'
import { webhooksDeleteCommand } from './delete.ts'
import { webhooksDeliveriesCommand } from './deliveries.ts'
import { webhooksGetCommand } from './get.ts'
import { webhooksListCommand } from './list.ts'
import { webhooksRedeliverCommand } from './redeliver.ts'
import { webhooksUpdateCommand } from './update.ts'

export const webhooksCommand = (): Command =>
  new Command('webhooks')
    .description('URLs that are told what happens, by signed messages')
    .addCommand(webhooksListCommand())
    .addCommand(webhooksGetCommand())
    .addCommand(webhooksCreateCommand())
    .addCommand(webhooksUpdateCommand())
    .addCommand(webhooksDeleteCommand())
    .addCommand(webhooksDeliveriesCommand())
    .addCommand(webhooksRedeliverCommand())
