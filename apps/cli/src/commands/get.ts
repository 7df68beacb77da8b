import { Command } from 'commander'
import { instanceArgument } from '../completion/subjects.ts'
import { instanceView } from '../output/instance-view.ts'
import { watchFlag } from '../output/list-flags.ts'
import { openSession } from '../session.ts'
import { show, type WatchFlags } from '../showing.ts'

export const getCommand = (): Command =>
  new Command('get')
    .description('show an instance')
    .addArgument(instanceArgument())
    .addOption(watchFlag())
    .action(async (name: string, flags: WatchFlags, command: Command) => {
      const session = await openSession(command)
      await show(
        session,
        () => session.toygres.instances.get(name),
        (instance) => ({ view: () => instanceView(instance), name: () => instance.name }),
        flags,
      )
    })
