import type { AuditEntry } from '@toygres/sdk'
import { Command } from 'commander'
import { instanceOption } from '../../completion/subjects.ts'
import { showList } from '../../listing.ts'
import { auditKind } from '../../output/audit-view.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

interface Flags extends ListFlags<AuditEntry>, PageFlags {
  instance?: string
  by?: string
}

export const auditListCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('list')
        .alias('ls')
        .description('show what was done, and what was refused, newest first')
        .addOption(instanceOption('only what was done to this instance (name or id)'))
        .option('--by <subject>', 'only what was done by them: api-key:<id>'),
      50,
    ),
    auditKind,
  ).action(list)

async function list({ instance, by, ...flags }: Flags, command: Command): Promise<void> {
  const session = await openSession(command)
  const { toygres } = session
  const resourceId = instance === undefined ? undefined : (await toygres.instances.get(instance)).id
  const filter = { ...(resourceId && { resourceId }), ...(by && { subject: by }) }
  await showList(
    session,
    {
      kind: auditKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => toygres.audit.list({ ...page, ...filter }),
      whenNone: 'There are no such entries.',
    },
    flags,
  )
}
