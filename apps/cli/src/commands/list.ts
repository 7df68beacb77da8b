import { Command } from 'commander'
import { showList } from '../listing.ts'
import { instanceKind } from '../output/instance-view.ts'
import { listFlags, type ListFlags } from '../output/list-flags.ts'
import { pageFlags, type PageFlags } from '../paging.ts'
import { openSession } from '../session.ts'
import type { Instance } from '@toygres/sdk'

interface Flags extends ListFlags<Instance>, PageFlags {
  all?: boolean
}

export const listCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('list')
        .alias('ls')
        .description('show the instances, newest first')
        .option('-a, --all', 'the deleted ones too'),
      1_000,
    ),
    instanceKind,
  ).action(list)

async function list({ all = false, ...flags }: Flags, command: Command): Promise<void> {
  const session = await openSession(command)
  await showList(
    session,
    {
      kind: instanceKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.instances.list({ ...page, includeDeleted: all }),
      // By its id it is found when it is deleted, too.
      fetchGone: ({ id }) => session.toygres.instances.get(id),
      follow: async (ring, signal) => {
        for await (const _ of session.toygres.instances.watch({ onConnection: ring, signal })) ring()
      },
      whenNone: 'There are no instances. Make one with "toygres create NAME"',
    },
    flags,
  )
}
