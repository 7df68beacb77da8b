import { Command, InvalidArgumentError, Option } from 'commander'
import { instanceArgument } from '../../completion/subjects.ts'
import { parseDuration } from '../../duration.ts'
import { healthView } from '../../output/health-view.ts'
import { print } from '../../output/print.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { openSession } from '../../session.ts'

export const healthSetCommand = (): Command =>
  mutationFlags(
    new Command('set')
      .description('set how often an instance is checked')
      .addArgument(instanceArgument())
      .addOption(
        new Option('--every <duration>', 'from 5s to 1h').argParser(parseInterval).makeOptionMandatory(),
      ),
  ).action(async (name: string, { every, ...flags }: MutationFlags & { every: number }, command: Command) => {
    const { toygres, format } = await openSession(command)
    const health = await toygres.health.configure(
      name,
      { checkIntervalSeconds: every },
      mutationOptions(flags),
    )
    await print(format, health, { view: () => healthView(health), name: () => name })
  })

/** Seconds: fractions of one make no difference to anybody. */
export function parseInterval(text: string): number {
  const seconds = parseDuration(text) / 1000
  if (Number.isInteger(seconds) && seconds >= 5 && seconds <= 3600) return seconds
  throw new InvalidArgumentError('Expected whole seconds from 5s to 1h.')
}
