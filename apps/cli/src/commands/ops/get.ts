import { Command } from 'commander'
import { operationArgument } from '../../completion/subjects.ts'
import { watchFlag } from '../../output/list-flags.ts'
import { operationView } from '../../output/operation-view.ts'
import { openSession } from '../../session.ts'
import { show, type WatchFlags } from '../../showing.ts'

export const opsGetCommand = (): Command =>
  new Command('get')
    .description('show an operation and its steps')
    .addArgument(operationArgument())
    .addOption(watchFlag())
    .action(async (id: string, flags: WatchFlags, command: Command) => {
      const session = await openSession(command)
      await show(
        session,
        () => session.toygres.operations.get(id),
        (operation) => ({ view: () => operationView(operation), name: () => operation.id }),
        flags,
      )
    })
