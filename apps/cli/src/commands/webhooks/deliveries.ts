import type { WebhookDelivery } from '@toygres/sdk'
import { Command, Option } from 'commander'
import { webhookArgument } from '../../completion/subjects.ts'
import { showList } from '../../listing.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { deliveryKind } from '../../output/webhook-view.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

interface Flags extends ListFlags<WebhookDelivery>, PageFlags {
  state?: WebhookDelivery['state']
}

const states = ['pending', 'delivered', 'failed'] as const satisfies readonly WebhookDelivery['state'][]

export const webhooksDeliveriesCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('deliveries')
        .description('show what a webhook was sent in the last 7 days, newest first')
        .addArgument(webhookArgument())
        .addOption(new Option('--state <state>', 'only those that are').choices(states)),
      50,
    ),
    deliveryKind,
  ).action(deliveries)

async function deliveries(id: string, { state, ...flags }: Flags, command: Command): Promise<void> {
  const session = await openSession(command)
  await showList(
    session,
    {
      kind: deliveryKind,
      idOf: (delivery) => delivery.id,
      fetchPage: (page) => session.toygres.webhooks.deliveries(id, { ...page, ...(state && { state }) }),
      whenNone: 'It was sent nothing.',
    },
    flags,
  )
}
