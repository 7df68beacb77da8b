import type { SystemActivity } from '@toygres/sdk'
import { Command } from 'commander'
import { formatAge, formatDuration } from '../duration.ts'
import { watchFlag } from '../output/list-flags.ts'
import { fields, table } from '../output/table.ts'
import { openSession } from '../session.ts'
import { show, type WatchFlags } from '../showing.ts'

export const activityCommand = (): Command =>
  new Command('activity')
    .description('show who works, what waits, and how much was done in the last hour')
    .addOption(watchFlag())
    .action(async (flags: WatchFlags, command: Command) => {
      const session = await openSession(command)
      const fetch = () => session.toygres.system.activity()
      await show(session, fetch, (activity) => ({ view: () => activityView(activity) }), flags)
    })

function activityView({ workers, queues, operations, throughput, durationMs }: SystemActivity): string {
  const underWay = Object.entries(operations).map(([state, count]) => `${count} ${state}`)
  const ended = (state: 'succeeded' | 'failed' | 'cancelled') =>
    throughput.reduce((sum, minute) => sum + minute[state], 0)
  const summary = fields([
    ['under way', underWay.join(', ') || 'none'],
    [
      'in the last hour',
      `${ended('succeeded')} succeeded, ${ended('failed')} failed, ${ended('cancelled')} cancelled`,
    ],
    [
      'an operation took',
      durationMs &&
        `${formatDuration(durationMs.median)}, the slowest 5 % from ${formatDuration(durationMs.p95)}`,
    ],
  ])
  const workerTable = table<SystemActivity['workers'][number]>(
    [
      { title: 'WORKER', cell: ({ host, pid }) => `${host} pid ${pid}` },
      { title: 'OPERATIONS', cell: (worker) => worker.operations },
      { title: 'AGE', cell: ({ startedAt }) => formatAge(startedAt) },
    ],
    workers,
  )
  const queueTable = table<SystemActivity['queues'][number]>(
    [
      { title: 'QUEUE', cell: ({ name }) => name },
      { title: 'READY', cell: ({ ready }) => ready },
      { title: 'ACTIVE', cell: ({ active }) => active },
      { title: 'DEFERRED', cell: ({ deferred }) => deferred },
      { title: 'LAG', cell: ({ lagMs }) => (lagMs === null ? null : formatDuration(lagMs)) },
    ],
    queues,
  )
  return [summary, workerTable, queueTable].join('\n\n')
}
