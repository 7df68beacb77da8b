import { Command } from 'commander'
import { operationArgument } from '../../completion/subjects.ts'
import { operationView } from '../../output/operation-view.ts'
import { print, say } from '../../output/print.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { openSession } from '../../session.ts'

export const opsCancelCommand = (): Command =>
  mutationFlags(
    new Command('cancel')
      .description('ask an operation to stop, and to undo what it did')
      .addArgument(operationArgument()),
  ).action(async (id: string, flags: MutationFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const operation = await toygres.operations.cancel(id, mutationOptions(flags))
    await print(format, operation, { view: () => operationView(operation), name: () => operation.id })
    if (!operation.done) say(`It stops soon. Follow it with "toygres ops wait ${id}"`)
  })
