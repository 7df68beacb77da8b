import type { Project } from '@toygres/sdk'
import { Command } from 'commander'
import { showList } from '../../listing.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { projectKind } from '../../output/project-view.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

export const projectsListCommand = (): Command =>
  listFlags(
    pageFlags(new Command('list').alias('ls').description('show the projects, newest first'), 1_000),
    projectKind,
  ).action(list)

async function list(flags: ListFlags<Project> & PageFlags, command: Command): Promise<void> {
  const session = await openSession(command)
  await showList(
    session,
    {
      kind: projectKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.projects.list(page),
      whenNone: 'There are no projects that this key may see.',
    },
    flags,
  )
}
