import { Command } from 'commander'
import { operationView } from '../../output/operation-view.ts'
import { print, say } from '../../output/print.ts'
import { openSession } from '../../session.ts'

export const opsCancelCommand = (): Command =>
  new Command('cancel')
    .description('ask an operation to stop, and to undo what it did')
    .argument('<id>')
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const operation = await toygres.operations.cancel(id)
      await print(format, operation, { view: () => operationView(operation), name: () => operation.id })
      if (!operation.done) say(`It stops soon. Follow it with "toygres ops wait ${id}"`)
    })
