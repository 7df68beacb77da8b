import { Command } from 'commander'
import { webhookArgument } from '../../completion/subjects.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { usualColumns } from '../../output/kind.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { deliveryKind } from '../../output/webhook-view.ts'
import { openSession } from '../../session.ts'

export const webhooksRedeliverCommand = (): Command =>
  mutationFlags(
    new Command('redeliver')
      .description('send an event again, whatever became of it')
      .addArgument(webhookArgument())
      .argument('<delivery>', 'the id of what was sent, as "webhooks deliveries" shows it'),
  ).action(async (id: string, deliveryId: string, flags: MutationFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const delivery = await toygres.webhooks.redeliver(id, deliveryId, mutationOptions(flags))
    await print(format, delivery, {
      view: () => table(usualColumns(deliveryKind), [delivery]),
      name: () => delivery.id,
    })
  })
