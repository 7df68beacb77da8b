import { Argument, Command } from 'commander'
import { naming } from '../completion/subjects.ts'
import { Tail } from '../events/tail.ts'
import { columnFlags, columnsOf, type ColumnFlags } from '../output/list-flags.ts'
import { happeningKind, type Happening } from '../output/event-view.ts'
import { print, renderInStream, say } from '../output/print.ts'
import { table } from '../output/table.ts'
import { limitFlag } from '../paging.ts'
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
    .addHelpText(
      'after',
      `
Health is told where an instance is named. Without a name, the operations are the newest ones and
those that are under way. With -f and -o json each event is a line of its own.`,
    )
    .action(events)

async function events(
  name: string | undefined,
  { follow = false, limit, ...flags }: EventsFlags,
  command: Command,
): Promise<void> {
  const { toygres, format } = await openSession(command)
  const columns = columnsOf(happeningKind, flags)
  // By its id it is found after it was deleted, too.
  const tail = new Tail(toygres, name === undefined ? null : await toygres.instances.get(name))

  if (!follow) {
    const found = await tail.next(limit)
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
  let { headers } = flags
  await watchFor({
    fetch: () => tail.next(limit),
    onScreen: null,
    changes: async (found) => {
      const texts = []
      for (const one of found) {
        const shown = {
          view: () => table(columns, [one], { headers }),
          name: () => happeningKind.nameOf(one),
        }
        texts.push(await renderInStream(format, one, shown))
        headers = false
      }
      return texts
    },
  })
}
