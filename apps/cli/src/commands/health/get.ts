import { Command } from 'commander'
import { instanceArgument } from '../../completion/subjects.ts'
import { healthView } from '../../output/health-view.ts'
import { watchFlag } from '../../output/list-flags.ts'
import { openSession } from '../../session.ts'
import { show, type WatchFlags } from '../../showing.ts'

export const healthGetCommand = (): Command =>
  new Command('get')
    .description('show what the last health check of an instance saw')
    .addArgument(instanceArgument())
    .addOption(watchFlag())
    .action(async (name: string, flags: WatchFlags, command: Command) => {
      const session = await openSession(command)
      await show(
        session,
        () => session.toygres.health.get(name),
        (health) => ({ view: () => healthView(health), name: () => name }),
        flags,
      )
    })
