import type { Drift } from '@toygres/sdk'
import { Command } from 'commander'
import { instanceOption } from '../../completion/subjects.ts'
import { showList } from '../../listing.ts'
import { driftKind } from '../../output/drift-view.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

interface Flags extends ListFlags<Drift>, PageFlags {
  all?: boolean
  instance?: string
}

export const driftListCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('list')
        .alias('ls')
        .description('show what differs from what should be, and what is done about it, newest first')
        .option('-a, --all', 'what is resolved, too')
        .addOption(instanceOption('only that of this instance (name or id)')),
      50,
    ),
    driftKind,
  ).action(list)

async function list({ all = false, instance, ...flags }: Flags, command: Command): Promise<void> {
  const session = await openSession(command)
  const filter = { includeResolved: all, ...(instance && { instance }) }
  await showList(
    session,
    {
      kind: driftKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.drift.list({ ...page, ...filter }),
      whenNone: 'Everything is as it should be.',
    },
    flags,
  )
}
