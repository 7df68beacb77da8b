import type { ApiKey } from '@toygres/sdk'
import { Command } from 'commander'
import { showList } from '../../listing.ts'
import { keyKind } from '../../output/key-view.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

export const keysListCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('list').alias('ls').description('show the keys, newest first; never what they open with'),
      1_000,
    ),
    keyKind,
  ).action(list)

async function list(flags: ListFlags<ApiKey> & PageFlags, command: Command): Promise<void> {
  const session = await openSession(command)
  await showList(
    session,
    {
      kind: keyKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.keys.list(page),
      whenNone: 'There are no keys.',
    },
    flags,
  )
}
