import type { HealthPoint, HealthResolution } from '@toygres/sdk'
import { Command, InvalidArgumentError, Option } from 'commander'
import { instanceArgument } from '../../completion/subjects.ts'
import { parseAge } from '../../duration.ts'
import { healthPointKind, historySummary } from '../../output/health-view.ts'
import { columnFlags, columnsOf, type ColumnFlags } from '../../output/list-flags.ts'
import { print, say } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { openSession } from '../../session.ts'

const resolutions = ['raw', 'minute', 'hour'] as const satisfies readonly HealthResolution[]

interface HistoryFlags extends ColumnFlags<HealthPoint> {
  since?: Date
  until?: Date
  resolution?: HealthResolution
}

export const healthHistoryCommand = (): Command =>
  columnFlags(
    new Command('history')
      .description('show the health checks of a range of time, and how many of them succeeded')
      .addArgument(instanceArgument())
      .addOption(
        new Option(
          '--since <when>',
          'a time, or how long ago: 90m, 6h, 30d (default: a day; 6h of each check)',
        ).argParser(parseWhen),
      )
      .addOption(new Option('--until <when>', 'likewise (default: now)').argParser(parseWhen))
      .addOption(
        new Option(
          '--resolution <resolution>',
          'each check, or those of a minute or an hour together',
        ).choices(resolutions),
      ),
    healthPointKind,
  ).action(history)

async function history(
  name: string,
  { since, until, resolution, ...flags }: HistoryFlags,
  command: Command,
): Promise<void> {
  const { toygres, format } = await openSession(command)
  const range = {
    ...(since && { from: since }),
    ...(until && { to: until }),
    ...(resolution && { resolution }),
  }
  const found = await toygres.health.history(name, range)
  if (format === 'table' && found.points.length === 0) return say('There were no checks in that time.')
  await print(format, found, {
    view: () => {
      const rows = table(columnsOf(healthPointKind, flags), found.points, flags)
      return flags.headers ? `${rows}\n\n${historySummary(found)}` : rows
    },
    name: () => found.points.map(healthPointKind.nameOf).join('\n'),
  })
}

function parseWhen(text: string): Date {
  const ago = parseAge(text)
  const at = ago === null ? new Date(text) : new Date(Date.now() - ago)
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('Expected a time like 2026-01-31T12:00Z, or how long ago: 90m, 6h, 30d.')
  return at
}
