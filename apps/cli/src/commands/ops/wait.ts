import { Command } from 'commander'
import { operationArgument } from '../../completion/subjects.ts'
import { operationView } from '../../output/operation-view.ts'
import { print } from '../../output/print.ts'
import { openSession } from '../../session.ts'
import { timeoutFlag, waitInView, type TimeoutFlags } from '../../wait.ts'

export const opsWaitCommand = (): Command =>
  timeoutFlag(
    new Command('wait')
      .description('wait until an operation has ended; what to type after an interrupted wait')
      .addArgument(operationArgument()),
  ).action(wait)

async function wait(id: string, { timeout }: TimeoutFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const operation = await toygres.operations.get(id)
  const title = `Waiting for ${operation.workflow} of ${operation.resourceName ?? operation.resourceId}`
  const ended = await waitInView(operation, title, timeout)
  await print(format, ended, { view: () => operationView(ended), name: () => ended.id })
}
