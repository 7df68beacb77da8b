import type { SystemStatus } from '@toygres/sdk'
import { Command, Option } from 'commander'
import { changesOf } from '../listing.ts'
import { addressOf } from '../output/instance-view.ts'
import { megabytes, milliseconds, percent } from '../output/health-view.ts'
import type { Kind } from '../output/kind.ts'
import { columnFlags, columnsOf, type ColumnFlags } from '../output/list-flags.ts'
import { currentStep } from '../output/operation-view.ts'
import { renderInStream } from '../output/print.ts'
import { styleOfHealth, styleOfInstance } from '../output/states.ts'
import { table } from '../output/table.ts'
import { limitFlag } from '../paging.ts'
import { openSession } from '../session.ts'
import { show } from '../showing.ts'
import { look, sorts, type Picture, type Row, type Sort } from '../top/look.ts'
import { watchFor } from '../watch.ts'

const topKind: Kind<Row> = {
  nameOf: ({ instance }) => instance.name,
  columns: [
    { title: 'NAME', cell: ({ instance }) => instance.name },
    {
      title: 'STATE',
      cell: ({ instance }) => instance.state,
      style: ({ instance }) => styleOfInstance(instance),
    },
    {
      title: 'HEALTH',
      cell: ({ instance }) => instance.healthReason ?? instance.healthStatus,
      style: ({ instance }) => styleOfHealth(instance),
    },
    {
      title: 'LATENCY',
      cell: ({ health }) => (health?.latencyMs == null ? null : milliseconds(health.latencyMs)),
    },
    {
      title: 'CONNECTIONS',
      cell: ({ health }) =>
        health?.connections ? `${health.connections.used}/${health.connections.max}` : null,
    },
    { title: 'SIZE', cell: ({ health }) => megabytes(health?.databaseBytes ?? null) },
    { title: 'UPTIME-24H', cell: ({ health }) => percent(health?.uptimePercent ?? null) },
    {
      title: 'DOING',
      cell: ({ operation }) =>
        operation && `${operation.workflow}: ${currentStep(operation) ?? operation.state}`,
    },
    { title: 'VERSION', cell: ({ instance }) => instance.version, extra: true },
    { title: 'HOST:PORT', cell: ({ instance }) => addressOf(instance), extra: true },
  ],
}

interface TopFlags extends ColumnFlags<Row> {
  sort: Sort
  limit: number
  once?: boolean
}

export const topCommand = (): Command =>
  columnFlags(
    new Command('top')
      .description(
        'watch the control plane and its instances at work, until Ctrl-C; printed once where stdout is no terminal',
      )
      .addOption(
        new Option('--sort <column>', 'by what, of all instances')
          .choices(Object.keys(sorts))
          .default('name'),
      )
      .addOption(limitFlag(50))
      .option('--once', 'print it once'),
    topKind,
  ).action(top)

async function top({ sort, limit, once = false, ...flags }: TopFlags, command: Command): Promise<void> {
  const session = await openSession(command)
  const { toygres, format } = session
  const fetch = () => look(toygres, { sort, limit })
  const columns = columnsOf(topKind, flags)
  const view = ({ status, rows }: Picture) =>
    [...(flags.headers ? [headline(status), ''] : []), table(columns, rows, flags)].join('\n')
  const names = ({ rows }: Picture) => rows.map(topKind.nameOf).join('\n')

  if (once || !process.stdout.isTTY)
    return show(session, fetch, (picture) => ({ view: () => view(picture), name: () => names(picture) }))
  await watchFor({
    fetch,
    onScreen: format === 'table' ? view : null,
    changes: changesOf({
      rowsOf: (picture: Picture) => [['it', picture] as const],
      renderRow: (picture) =>
        renderInStream(format, picture, { view: () => view(picture), name: () => names(picture) }),
    }),
  })
}

function headline(status: SystemStatus | null): string {
  if (status === null) return 'The status of the control plane is not for this key.'
  const { versions, queue, database, instances, provider } = status
  const counts = Object.entries(instances).map(([state, count]) => `${count} ${state}`)
  return [
    `Toygres ${versions.toygres} on ${provider}: ${counts.join(', ') || 'no instances'}`,
    `Queue: ${queue.ready} ready, ${queue.active} active, ${queue.deferred} deferred. Metadata: ${megabytes(database.sizeBytes)}`,
  ].join('\n')
}
