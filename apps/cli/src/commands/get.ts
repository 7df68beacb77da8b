import type { Instance, Operation, Toygres } from '@toygres/sdk'
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
    .action(get)

async function get(name: string, flags: WatchFlags, command: Command): Promise<void> {
  const session = await openSession(command)
  const { toygres, format } = session
  if (format === 'table')
    return show(
      session,
      () => withItsOperation(toygres, name),
      ({ instance, operation }) => ({ view: () => instanceView(instance, operation) }),
      flags,
    )
  await show(
    session,
    () => toygres.instances.get(name),
    (instance) => ({ view: () => instanceView(instance), name: () => instance.name }),
    flags,
  )
}

/** Whoever looks at an instance that is being changed wants to know what keeps that. */
async function withItsOperation(
  { instances, operations }: Toygres,
  name: string,
): Promise<{ instance: Instance; operation: Operation | null }> {
  const instance = await instances.get(name)
  const { activeOperationId: id } = instance
  return { instance, operation: id === null ? null : await operations.get(id) }
}
