import { Command } from 'commander'
import { operationView } from '../../output/operation-view.ts'
import { print } from '../../output/print.ts'
import { openSession } from '../../session.ts'

export const opsGetCommand = (): Command =>
  new Command('get')
    .description('show an operation and its steps')
    .argument('<id>')
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const operation = await toygres.operations.get(id)
      await print(format, operation, () => operationView(operation))
    })
