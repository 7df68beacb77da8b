import type { Toygres } from '@toygres/sdk'
import { Argument, Command } from 'commander'
import { naming } from '../completion/subjects.ts'
import { columnFlags, columnsOf, type ColumnFlags } from '../output/list-flags.ts'
import { changesOf } from '../listing.ts'
import {
  happeningKind,
  happeningOfHealth,
  happeningOfOperation,
  type Happening,
} from '../output/event-view.ts'
import { print, renderInStream, say } from '../output/print.ts'
import { table } from '../output/table.ts'
import { collect, limitFlag } from '../paging.ts'
import { openSession } from '../session.ts'
import { watchFor } from '../watch.ts'

interface EventsFlags extends ColumnFlags<Happening> {
  follow?: boolean
  limit: number
}

export const eventsCommand = (): Command =>
  columnFlags(
    new Command('events')
      .description(
        'show what happened to instances: their operations, step by step, and their health; oldest first',
      )
      .addArgument(naming(new Argument('[name]', 'of an instance, or its id (default: all)'), 'instance'))
      .option('-f, --follow', 'go on with what happens from now on, until Ctrl-C')
      .addOption(limitFlag(50)),
    happeningKind,
  )
    .addHelpText('after', '\nHealth is told where an instance is named.')
    .action(events)

async function events(
  name: string | undefined,
  { follow = false, limit, ...flags }: EventsFlags,
  command: Command,
): Promise<void> {
  const { toygres, format } = await openSession(command)
  const columns = columnsOf(happeningKind, flags)
  const fetch = () => happenings(toygres, name, limit)

  if (!follow) {
    const found = await fetch()
    if (format === 'table' && found.length === 0) return say('Nothing has happened yet.')
    return print(
      format,
      { items: found },
      {
        view: () => table(columns, found, flags),
        name: () => found.map(happeningKind.nameOf).join('\n'),
      },
    )
  }
  await watchFor({
    fetch,
    onScreen: null,
    changes: changesOf(
      (found: Happening[]) => found.map((one) => [JSON.stringify(one), one] as const),
      (one, first) =>
        renderInStream(format, one, {
          view: () => table(columns, [one], { headers: flags.headers && first }),
          name: () => happeningKind.nameOf(one),
        }),
    ),
  })
}

async function happenings(toygres: Toygres, name: string | undefined, limit: number): Promise<Happening[]> {
  const [operations, health] = await Promise.all([
    collect((page) => toygres.operations.events({ ...page, ...(name !== undefined && { instance: name }) }), {
      // They come by operation, the newest first: what happened last may have happened to an older one.
      limit: Math.max(limit, 1000),
    }),
    name === undefined ? null : toygres.health.events(name, { limit: Math.min(limit, 200) }),
  ])
  const instance = operations.items[0]?.resourceName ?? name ?? ''
  return [
    ...operations.items.map(happeningOfOperation).toReversed(),
    ...(health?.items ?? []).map((event) => happeningOfHealth(instance, event)),
  ]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .slice(-limit)
}
