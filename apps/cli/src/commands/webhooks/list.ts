import type { Webhook } from '@toygres/sdk'
import { Command } from 'commander'
import { showList } from '../../listing.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { webhookKind } from '../../output/webhook-view.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

export const webhooksListCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('list').alias('ls').description('show the webhooks of the project, newest first'),
      1_000,
    ),
    webhookKind,
  ).action(list)

async function list(flags: ListFlags<Webhook> & PageFlags, command: Command): Promise<void> {
  const session = await openSession(command)
  await showList(
    session,
    {
      kind: webhookKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.webhooks.list(page),
      whenNone: 'There are no webhooks.',
    },
    flags,
  )
}
