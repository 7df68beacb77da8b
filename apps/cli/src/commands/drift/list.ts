import { Command } from 'commander'
import { driftTable } from '../../output/drift-view.ts'
import { print, say } from '../../output/print.ts'
import { collect, pageFlags, sayIfMore, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

interface DriftListFlags extends PageFlags {
  all?: boolean
  instance?: string
}

export const driftListCommand = (): Command =>
  pageFlags(
    new Command('list')
      .alias('ls')
      .description('show what differs from what should be, and what is done about it, newest first')
      .option('-a, --all', 'what is resolved, too')
      .option('--instance <name>', 'only that of this instance (name or id)'),
    50,
  ).action(list)

async function list({ all = false, instance, ...page }: DriftListFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const filter = { includeResolved: all, ...(instance && { instance }) }
  const drift = await collect((request) => toygres.drift.list({ ...request, ...filter }), page)
  if (format === 'table' && drift.items.length === 0) return say('Everything is as it should be.')
  await print(format, drift, () => driftTable(drift.items))
  sayIfMore(drift)
}
