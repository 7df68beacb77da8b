import { Command } from 'commander'
import { operationArgument } from '../../completion/subjects.ts'
import { operationView } from '../../output/operation-view.ts'
import { print, say } from '../../output/print.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { openSession } from '../../session.ts'

export const opsRetryCommand = (): Command =>
  mutationFlags(
    new Command('retry')
      .description('let an operation that failed, or is parked, go on from the step that it stopped at')
      .addArgument(operationArgument()),
  ).action(async (id: string, flags: MutationFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const { retriedAt: before } = await toygres.operations.get(id)
    const operation = await toygres.operations.retry(id, mutationOptions(flags))
    await print(format, operation, { view: () => operationView(operation), name: () => operation.id })
    const goesOn = operation.retriedAt?.getTime() !== before?.getTime()
    const what = goesOn
      ? 'It goes on.'
      : `Nothing was changed: it is ${operation.state}, and goes on by itself.`
    if (!operation.done) say(`${what} Follow it with "toygres ops wait ${id}"`)
  })
