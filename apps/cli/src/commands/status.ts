import type { SystemStatus } from '@toygres/sdk'
import { Command } from 'commander'
import { formatAge } from '../duration.ts'
import { print } from '../output/print.ts'
import { fields, optional } from '../output/table.ts'
import { openSession } from '../session.ts'

export const statusCommand = (): Command =>
  new Command('status')
    .description('show the control plane: its versions, database and queue')
    .action(async (_: object, command: Command) => {
      const {
        toygres,
        config: { url },
        format,
      } = await openSession(command)
      const status = await toygres.system.status()
      await print(format, status, { view: () => statusView(status, url) })
    })

function statusView(status: SystemStatus, url: string): string {
  const { versions, database, queue, instances } = status
  const counts = Object.entries(instances).map(([state, count]) => `${count} ${state}`)
  return fields([
    ['url', url],
    ['pid', status.pid],
    ['up since', `${status.startedAt.toISOString()} (${formatAge(status.startedAt)})`],
    ['provider', status.provider],
    ...optional('', status.providerError?.message ?? null),
    ['version', `${versions.toygres} on Node ${versions.node}`],
    ['database', `${database.url}${database.embedded ? ' (its own)' : ''}`],
    [
      '',
      `PostgreSQL ${versions.database}, ${megabytes(database.sizeBytes)}, migration ${versions.migration}`,
    ],
    ['queue', `${queue.ready} ready, ${queue.active} active, ${queue.deferred} deferred`],
    ['instances', counts.join(', ') || 'none'],
  ])
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
