import type { Operation, OperationState } from '@toygres/sdk'
import { Command, Option } from 'commander'
import { instanceOption } from '../../completion/subjects.ts'
import { showList } from '../../listing.ts'
import { listFlags, type ListFlags } from '../../output/list-flags.ts'
import { operationKind } from '../../output/operation-view.ts'
import { pageFlags, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

const states = [
  'queued',
  'running',
  'cancelling',
  'undoing',
  'parked',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly OperationState[]

interface Flags extends ListFlags<Operation>, PageFlags {
  instance?: string
  state?: OperationState
}

export const opsListCommand = (): Command =>
  listFlags(
    pageFlags(
      new Command('list')
        .alias('ls')
        .description('show the operations, newest first')
        .addOption(instanceOption('only those of this instance (name or id)'))
        .addOption(new Option('--state <state>', 'only those in this state').choices(states)),
      50,
    ),
    operationKind,
  ).action(list)

async function list({ instance, state, ...flags }: Flags, command: Command): Promise<void> {
  const session = await openSession(command)
  const filter = { ...(instance && { instance }), ...(state && { state }) }
  await showList(
    session,
    {
      kind: operationKind,
      idOf: ({ id }) => id,
      fetchPage: (page) => session.toygres.operations.list({ ...page, ...filter }),
      whenNone: 'There are no such operations.',
    },
    flags,
  )
}
