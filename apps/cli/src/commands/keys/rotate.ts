import { Command, Option } from 'commander'
import { keyArgument } from '../../completion/subjects.ts'
import { parseLasting } from '../../duration.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { print, say } from '../../output/print.ts'
import { openSession } from '../../session.ts'
import { parseDays } from './create.ts'

interface RotateFlags extends MutationFlags {
  overlap?: number
  expires?: number
}

export const keysRotateCommand = (): Command =>
  mutationFlags(
    new Command('rotate')
      .description('make a new key in the place of one, and print it: the only time that it is shown')
      .addArgument(keyArgument())
      .addOption(
        new Option(
          '--overlap <duration>',
          'how long the old one still opens: 0s, 12h, 7d (default: a day)',
        ).argParser(parseLasting),
      )
      .addOption(
        new Option(
          '--expires <days>',
          'after how many days, such as 30d (default: as the old one did)',
        ).argParser(parseDays),
      ),
  ).action(rotate)

async function rotate(
  id: string,
  { overlap, expires, ...flags }: RotateFlags,
  command: Command,
): Promise<void> {
  const { toygres, format } = await openSession(command)
  const how = {
    ...(overlap !== undefined && { overlapSeconds: Math.round(overlap / 1000) }),
    ...(expires !== undefined && { validDays: expires }),
  }
  const created = await toygres.keys.rotate(id, how, mutationOptions(flags))
  if (format === 'table') say(`Key ${created.key.id} takes the place of ${id}. It is shown this once:`)
  await print(format, created, { view: () => created.secret, name: () => created.key.id })
}
