import type { CreateWebhook } from '@toygres/sdk'
import { Command } from 'commander'
import { usageError } from '../../cli-error.ts'
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
import { eventsOption } from './kinds.ts'

interface UpdateFlags extends ConditionFlags {
  url?: string
  on?: CreateWebhook['kinds']
  enable?: true
  disable?: true
}

export const webhooksUpdateCommand = (): Command =>
  mutationFlags(
    new Command('update')
      .description('change a webhook; what waits for its next attempt is sent at once')
      .addArgument(webhookArgument())
      .addOption(ifMatchFlag('webhook'))
      .option('--url <url>', 'where to send from now on')
      .addOption(eventsOption())
      .option('--enable', 'tell it again, and first what was pending')
      .option('--disable', 'tell it nothing until it is enabled'),
  ).action(update)

async function update(
  id: string,
  { url, on: kinds, enable, disable, ...flags }: UpdateFlags,
  command: Command,
): Promise<void> {
  if (enable && disable) throw usageError('--enable and --disable exclude each other', 'say one of them')
  const enabled = enable ?? (disable ? false : undefined)
  const changes = { ...(url && { url }), ...(kinds && { kinds }), ...(enabled !== undefined && { enabled }) }
  if (Object.keys(changes).length === 0)
    throw usageError('there is nothing to change', 'say --url, --on, --enable or --disable')
  const { toygres, format } = await openSession(command)
  const webhook = await toygres.webhooks.update(id, changes, {
    ...mutationOptions(flags),
    ...conditionOf(flags),
  })
  await print(format, webhook, {
    view: () => table(usualColumns(webhookKind), [webhook]),
    name: () => webhook.id,
  })
}
