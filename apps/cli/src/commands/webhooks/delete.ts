import { Command } from 'commander'
import { webhookArgument } from '../../completion/subjects.ts'
import {
  conditionOf,
  ifMatchFlag,
  mutationFlags,
  mutationOptions,
  type ConditionFlags,
} from '../../mutation-flags.ts'
import { usualColumns } from '../../output/kind.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { webhookKind } from '../../output/webhook-view.ts'
import { openSession } from '../../session.ts'

export const webhooksDeleteCommand = (): Command =>
  mutationFlags(
    new Command('delete')
      .alias('rm')
      .description('remove a webhook, and what is still to be sent to it')
      .addArgument(webhookArgument())
      .addOption(ifMatchFlag('webhook')),
  ).action(async (id: string, flags: ConditionFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const webhook = await toygres.webhooks.delete(id, { ...mutationOptions(flags), ...conditionOf(flags) })
    await print(format, webhook, {
      view: () => table(usualColumns(webhookKind), [webhook]),
      name: () => webhook.id,
    })
  })
