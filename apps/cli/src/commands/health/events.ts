import { Command } from 'commander'
import { healthEventTable } from '../../output/health-view.ts'
import { print, say } from '../../output/print.ts'
import { collect, pageFlags, sayIfMore, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

export const healthEventsCommand = (): Command =>
  pageFlags(
    new Command('events')
      .description('show every change of the health of an instance, newest first')
      .argument('<name>', 'its name or id'),
    50,
  ).action(events)

async function events(name: string, page: PageFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const found = await collect((request) => toygres.health.events(name, request), page)
  if (format === 'table' && found.items.length === 0) return say('Its health has not changed yet.')
  await print(format, found, () => healthEventTable(found.items))
  sayIfMore(found)
}
