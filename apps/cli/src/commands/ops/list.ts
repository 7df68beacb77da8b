import type { OperationState } from '@toygres/sdk'
import { Command, Option } from 'commander'
import { operationTable } from '../../output/operation-view.ts'
import { print, say } from '../../output/print.ts'
import { collect, pageFlags, sayIfMore, type PageFlags } from '../../paging.ts'
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

interface OpsListFlags extends PageFlags {
  instance?: string
  state?: OperationState
}

export const opsListCommand = (): Command =>
  pageFlags(
    new Command('list')
      .alias('ls')
      .description('show the operations, newest first')
      .option('--instance <name>', 'only those of this instance (name or id)')
      .addOption(new Option('--state <state>', 'only those in this state').choices(states)),
    50,
  ).action(list)

async function list({ instance, state, ...page }: OpsListFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const filter = { ...(instance && { instance }), ...(state && { state }) }
  const operations = await collect((request) => toygres.operations.list({ ...request, ...filter }), page)
  if (format === 'table' && operations.items.length === 0) return say('There are no such operations.')
  await print(format, operations, () => operationTable(operations.items))
  sayIfMore(operations)
}
