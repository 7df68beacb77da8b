import { Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../duration.ts'
import { healthView } from '../../output/health-view.ts'
import { print } from '../../output/print.ts'
import { openSession } from '../../session.ts'

export const healthSetCommand = (): Command =>
  new Command('set')
    .description('set how often an instance is checked')
    .argument('<name>', 'its name or id')
    .addOption(
      new Option('--every <duration>', 'from 5s to 1h').argParser(parseInterval).makeOptionMandatory(),
    )
    .action(async (name: string, { every }: { every: number }, command: Command) => {
      const { toygres, format } = await openSession(command)
      const health = await toygres.health.configure(name, { checkIntervalSeconds: every })
      await print(format, health, { view: () => healthView(health), name: () => name })
    })

/** Seconds: fractions of one make no difference to anybody. */
export function parseInterval(text: string): number {
  const seconds = parseDuration(text) / 1000
  if (Number.isInteger(seconds) && seconds >= 5 && seconds <= 3600) return seconds
  throw new InvalidArgumentError('Expected whole seconds from 5s to 1h.')
}
