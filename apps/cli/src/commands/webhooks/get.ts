import { Command } from 'commander'
import { webhookArgument } from '../../completion/subjects.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { webhookKind } from '../../output/webhook-view.ts'
import { openSession } from '../../session.ts'

export const webhooksGetCommand = (): Command =>
  new Command('get')
    .description('show a webhook, and why it is disabled; never what signs its messages')
    .addArgument(webhookArgument())
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const webhook = await toygres.webhooks.get(id)
      await print(format, webhook, {
        view: () => table(webhookKind.columns, [webhook]),
        name: () => webhook.id,
      })
    })
