import type { HealthEvent } from '@toygres/sdk'
import { Command } from 'commander'
import { instanceArgument } from '../../completion/subjects.ts'
import { showList } from '../../listing.ts'
import { healthEventKind } from '../../output/health-view.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

export const healthEventsCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('events')
        .description('show every change of the health of an instance, newest first')
        .addArgument(instanceArgument()),
      50,
    ),
    healthEventKind,
  ).action(events)

async function events(
  name: string,
  flags: ListFlags<HealthEvent> & PageFlags,
  command: Command,
): Promise<void> {
  const session = await openSession(command)
  await showList(
    session,
    {
      kind: healthEventKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.health.events(name, page),
      whenNone: 'Its health has not changed yet.',
    },
    flags,
  )
}
