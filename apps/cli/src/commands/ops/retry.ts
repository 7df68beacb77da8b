import { Command } from 'commander'
import { operationView } from '../../output/operation-view.ts'
import { print, say } from '../../output/print.ts'
import { openSession } from '../../session.ts'

export const opsRetryCommand = (): Command =>
  new Command('retry')
    .description('let an operation that failed, or is parked, go on from the step that it stopped at')
    .argument('<id>')
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const operation = await toygres.operations.retry(id)
      await print(format, operation, () => operationView(operation))
      if (!operation.done) say(`It goes on. Follow it with "toygres ops watch ${id}"`)
    })
