import type { CreateWebhook } from '@toygres/sdk'
import { Command } from 'commander'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { print, say } from '../../output/print.ts'
import { openSession } from '../../session.ts'
import { eventsOption } from './kinds.ts'

interface CreateFlags extends MutationFlags {
  on: CreateWebhook['kinds']
}

export const webhooksCreateCommand = (): Command =>
  mutationFlags(
    new Command('create')
      .description(
        'make a webhook, and print what its messages are signed with: the only time that it is shown',
      )
      .argument('<url>', 'https:// at a public address')
      .addOption(eventsOption().makeOptionMandatory()),
  ).action(create)

async function create(url: string, { on: kinds, ...flags }: CreateFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const created = await toygres.webhooks.create({ url, kinds }, mutationOptions(flags))
  const { webhook, secret } = created
  if (format === 'table')
    say(`Webhook ${webhook.id}. Its messages are signed with this, which is shown this once:`)
  await print(format, created, { view: () => secret, name: () => webhook.id })
}
